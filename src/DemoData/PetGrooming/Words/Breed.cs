namespace Slipway.DemoData.PetGrooming.Words;

/// <param name="Least">Weight in grams.</param>
/// <param name="Greatest">Weight in grams.</param>
internal sealed record Breed(string Name, PetSize Size, int Least, int Greatest);
