namespace Slipway.DemoData.PetGrooming;

/// <summary>What the price and the choice of services depend on, in a byte, as it is kept for every pet.</summary>
internal readonly record struct PetKind
{
    private readonly byte _bits;

    /// <param name="isYoung">Less than half a year old when the year begins.</param>
    public PetKind(Species species, PetSize size, bool isYoung) =>
        _bits = (byte)((int)species | ((int)size << 2) | (isYoung ? 16 : 0));

    public Species Species => (Species)(_bits & 3);

    public PetSize Size => (PetSize)((_bits >> 2) & 3);

    public bool IsYoung => (_bits & 16) != 0;
}
