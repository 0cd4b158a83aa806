using static Slipway.DemoData.PetGrooming.PetSize;

namespace Slipway.DemoData.PetGrooming.Words;

internal static class Breeds
{
    private static readonly Breed[] Dogs =
    [
        new("Bichon Frise", Small, 3500, 6000), new("Chihuahua", Small, 1500, 3000), new("Dachshund", Small, 5000, 9000),
        new("Havanese", Small, 3500, 6000), new("Maltese", Small, 2500, 4000), new("Pug", Small, 6000, 9000),
        new("Shih Tzu", Small, 4000, 7500), new("Toy Poodle", Small, 2500, 4500), new("Yorkshire Terrier", Small, 2000, 3500),
        new("Beagle", Medium, 9000, 15000), new("Cocker Spaniel", Medium, 11000, 16000), new("Corgi", Medium, 10000, 14000),
        new("French Bulldog", Medium, 9000, 14000), new("Miniature Schnauzer", Medium, 5500, 9000),
        new("Mixed Breed", Medium, 9000, 22000), new("Border Collie", Large, 14000, 22000), new("German Shepherd", Large, 24000, 40000),
        new("Golden Retriever", Large, 25000, 36000), new("Labradoodle", Large, 22000, 32000),
        new("Labrador Retriever", Large, 25000, 37000), new("Standard Poodle", Large, 20000, 30000),
        new("Bernese Mountain Dog", Giant, 36000, 54000), new("Great Dane", Giant, 46000, 80000),
        new("Newfoundland", Giant, 45000, 68000),
    ];

    private static readonly Breed[] Cats =
    [
        new("Birman", Small, 3500, 5500), new("Domestic Longhair", Small, 3500, 6000), new("Domestic Shorthair", Small, 3500, 5500),
        new("Persian", Small, 3500, 5500), new("Siberian", Medium, 4500, 8000), new("Ragdoll", Medium, 4500, 9000),
        new("Norwegian Forest Cat", Medium, 4500, 9000), new("Maine Coon", Medium, 5000, 10000),
    ];

    private static readonly Breed[] Rabbits =
    [
        new("English Angora", Small, 2000, 3500), new("Jersey Wooly", Small, 1200, 1700), new("Lionhead", Small, 1100, 1700),
        new("Holland Lop", Small, 1300, 1900), new("Flemish Giant", Medium, 5500, 9000),
    ];

    public static IReadOnlyList<Breed> Of(Species species) => species switch
    {
        Species.Dog => Dogs,
        Species.Cat => Cats,
        Species.Rabbit => Rabbits,
    };
}
