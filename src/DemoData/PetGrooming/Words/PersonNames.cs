namespace Slipway.DemoData.PetGrooming.Words;

/// <summary>Invented people.</summary>
internal static class PersonNames
{
    public static IReadOnlyList<string> First { get; } =
    [
        "Abigail", "Adam", "Aisha", "Albert", "Alice", "Amara", "Andrea", "Anton", "Beatrice", "Ben", "Bianca", "Bruno", "Camille",
        "Carlos", "Charlotte", "Chen", "Clara", "Colin", "Daniela", "David", "Diego", "Dorothy", "Edith", "Elena", "Elias", "Emma",
        "Erik", "Esther", "Fatima", "Felix", "Fiona", "Frank", "Gabriel", "Gloria", "Grace", "Hana", "Harold", "Helen", "Hugo", "Ines",
        "Isaac", "Ivy", "Jacob", "Jasmine", "Joan", "Jonas", "Julia", "Karim", "Katherine", "Kenji", "Laura", "Leon", "Lucia", "Marcus",
        "Maria", "Mei", "Miriam", "Nadia", "Nathan", "Nora", "Olga", "Oscar", "Patricia", "Paul", "Priya", "Quentin", "Rachel", "Rafael",
        "Rosa", "Samuel", "Sofia", "Stella", "Tariq", "Theresa", "Tobias", "Uma", "Valerie", "Victor", "Wanda", "Yusuf", "Zoe",
    ];

    public static IReadOnlyList<string> Last { get; } =
    [
        "Abbott", "Alvarez", "Archer", "Bailey", "Barnes", "Becker", "Bennett", "Berg", "Bishop", "Brandt", "Brooks", "Calloway",
        "Carver", "Castillo", "Chambers", "Cole", "Conrad", "Cruz", "Dalton", "Delgado", "Drake", "Duarte", "Eastman", "Ellison",
        "Farrell", "Fischer", "Fleming", "Fontaine", "Garner", "Gibbons", "Grant", "Hale", "Hamilton", "Hartmann", "Hayes", "Holloway",
        "Ibarra", "Iverson", "Jennings", "Kapoor", "Keller", "Kowalski", "Lambert", "Larsen", "Lindgren", "Maddox", "Mancini", "Mercer",
        "Moreau", "Nakamura", "Navarro", "Norris", "Okafor", "Osborne", "Palmer", "Petrov", "Quinn", "Ramsey", "Reyes", "Rossi",
        "Sandoval", "Schreiber", "Shah", "Sinclair", "Sorensen", "Stone", "Tanaka", "Thornton", "Underwood", "Valdez", "Vance", "Walsh",
        "Weaver", "Whitaker", "Winters", "Yates", "Zimmer",
    ];
}
