namespace Slipway.DemoData.PetGrooming;

/// <summary>A service on the price list.</summary>
/// <param name="For">Null: for every species.</param>
/// <param name="Minutes">How long it takes for a small pet.</param>
/// <param name="PriceCents">For a small pet.</param>
/// <param name="StepCents">What each size up costs more.</param>
/// <param name="GreatestQuantity">How often it may be charged for one visit.</param>
internal sealed record ServiceOffer(
    string Name, ServiceCategory Category, Species? For, int Minutes, int PriceCents, int StepCents, string Description,
    int GreatestQuantity = 1)
{
    public int PriceFor(PetSize size) => PriceCents + ((int)size * StepCents);

    public bool Suits(Species species) => For is null || For == species;
}
