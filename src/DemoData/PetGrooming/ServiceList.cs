using static Slipway.DemoData.PetGrooming.ServiceCategory;

namespace Slipway.DemoData.PetGrooming;

/// <summary>What the business offers. For every species there are more than three services that are added to a main one.</summary>
internal static class ServiceList
{
    public static IReadOnlyList<ServiceOffer> Offers { get; } =
    [
        new("Bath and Brush", Bath, null, 35, 3800, 1400, "Warm bath, blow dry, brushing and a light scent."),
        new("Full Groom", Groom, Species.Dog, 60, 6200, 2100, "Bath, dry, and a cut of the whole coat in the style of the breed."),
        new("Puppy Introduction", Groom, Species.Dog, 30, 3400, 600, "A short, gentle first visit to get used to table, water and dryer."),
        new("Lion Cut", Groom, Species.Cat, 50, 7200, 900, "Body shaved short; mane, tail tip and boots stay."),
        new("Rabbit Coat Care", Groom, Species.Rabbit, 30, 3600, 500, "Combing out loose wool and trimming matted parts, without water."),
        new("Nail Trim", AddOn, null, 10, 1200, 300, "Clipping and filing."),
        new("Ear Cleaning", AddOn, null, 5, 900, 200, "With a mild lotion, and a look for mites."),
        new("Teeth Brushing", AddOn, Species.Dog, 5, 1000, 250, "Enzymatic paste, fresh breath."),
        new("De-matting", AddOn, null, 15, 1500, 400, "Working out knots; for each quarter of an hour.", GreatestQuantity: 3),
        new("Sanitary Trim", AddOn, null, 10, 1400, 350, "Shortening the coat where it gets dirty."),
    ];

    private static readonly int[][] AddOnsBySpecies = [.. Enum.GetValues<Species>().Select(AddOnIndexes)];

    /// <summary>Index of the bath.</summary>
    public static int BathAndBrush => 0;

    /// <summary>Index of what is for those who are here for the first time.</summary>
    public static int PuppyIntroduction => 2;

    /// <summary>Index of the service that the species comes for most.</summary>
    public static int GroomOf(Species species) => species switch
    {
        Species.Dog => 1,
        Species.Cat => 3,
        Species.Rabbit => 4,
    };

    /// <summary>Indexes of what may be added.</summary>
    public static ReadOnlySpan<int> AddOnsOf(Species species) => AddOnsBySpecies[(int)species];

    private static int[] AddOnIndexes(Species species) =>
        [.. Offers.Index().Where(offer => offer.Item.Category == AddOn && offer.Item.Suits(species)).Select(offer => offer.Index)];
}
