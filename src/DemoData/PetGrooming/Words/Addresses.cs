namespace Slipway.DemoData.PetGrooming.Words;

/// <summary>Invented places, and telephone numbers from the range that is kept for fiction.</summary>
internal static class Addresses
{
    private static readonly string[] Streets =
    [
        "Alder Lane", "Ash Street", "Bayberry Road", "Birch Avenue", "Canal Street", "Cedar Court", "Chestnut Street", "Church Lane",
        "Clover Road", "Dogwood Drive", "Elm Street", "Foundry Road", "Garden Street", "Harbor Road", "Hawthorn Way", "Hillside Avenue",
        "Juniper Court", "Lakeview Drive", "Linden Street", "Maple Avenue", "Meadow Lane", "Mill Road", "Oak Street", "Orchard Road",
        "Poplar Street", "Quarry Road", "River Street", "Rosewood Drive", "Sycamore Avenue", "Vine Street", "Walnut Street", "Willow Way",
    ];

    private static readonly (string City, string PostalCode)[] Cities =
    [
        ("Brookhaven Falls", "00110"), ("Cedar Hollow", "00114"), ("Eastmarsh", "00121"), ("Fairwater", "00126"),
        ("Larkspur Point", "00133"), ("North Ridgeley", "00138"), ("Old Quarry", "00145"), ("Port Amity", "00152"),
        ("Saltmeadow", "00157"), ("Westerby", "00163"),
    ];

    private static readonly string[] MailHosts = ["example.com", "example.net", "example.org"];

    public static string Street(Mulberry32 dice) => FormattableString.Invariant($"{dice.Between(1, 240)} {dice.Pick(Streets)}");

    public static (string City, string PostalCode) City(Mulberry32 dice) => dice.Pick(Cities);

    public static string Phone(Mulberry32 dice) => FormattableString.Invariant($"+1 {dice.Between(201, 989)} 555 01{dice.Next(100):00}");

    public static string MailHost(Mulberry32 dice) => dice.Pick(MailHosts);
}
