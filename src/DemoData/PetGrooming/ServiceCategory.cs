namespace Slipway.DemoData.PetGrooming;

internal enum ServiceCategory
{
    Bath,
    Groom,
    AddOn,
}
