namespace Slipway.DemoData.PetGrooming;

internal enum PetSize
{
    Small,
    Medium,
    Large,
    Giant,
}
