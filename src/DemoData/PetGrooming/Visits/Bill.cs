namespace Slipway.DemoData.PetGrooming.Visits;

/// <summary>The amounts of an invoice, in cents.</summary>
internal readonly record struct Bill(int Subtotal, int Discount, int Tax, int Tip)
{
    /// <summary>In hundredths of a percent, of what is left after the discount.</summary>
    private const int TaxRate = 825;

    private const int LeastTip = 100;
    private const int TipStep = 50;

    public int Total => Subtotal - Discount + Tax + Tip;

    public static Bill Draw(Mulberry32 dice, int subtotal)
    {
        var discount = dice.Chance(12) ? subtotal * dice.Between(1, 3) * 5 / 100 : 0;
        var net = subtotal - discount;
        var tip = net * dice.Between(10, 25) / 100 / TipStep * TipStep;
        return new Bill(subtotal, discount, ((net * TaxRate) + 5000) / 10000, Math.Max(LeastTip, tip));
    }
}
