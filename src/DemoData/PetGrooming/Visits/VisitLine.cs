namespace Slipway.DemoData.PetGrooming.Visits;

/// <summary>A line item of an invoice.</summary>
/// <param name="Offer">Index in the list of services.</param>
internal readonly record struct VisitLine(int Offer, int ServiceId, int StaffId, int Quantity, int UnitPriceCents)
{
    public int AmountCents => Quantity * UnitPriceCents;
}
