namespace Slipway.DemoData.PetGrooming;

internal enum Species
{
    Dog,
    Cat,
    Rabbit,
}
