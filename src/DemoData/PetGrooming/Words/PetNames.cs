namespace Slipway.DemoData.PetGrooming.Words;

internal static class PetNames
{
    public static IReadOnlyList<string> All { get; } =
    [
        "Archie", "Bailey", "Bandit", "Barley", "Bella", "Benji", "Biscuit", "Blue", "Bonnie", "Buster", "Caramel", "Charlie", "Chewie",
        "Cleo", "Clover", "Coco", "Cookie", "Daisy", "Dexter", "Duke", "Ember", "Felix", "Finn", "Frankie", "Ginger", "Gus", "Hazel",
        "Honey", "Jasper", "Juno", "Kiwi", "Lola", "Louie", "Lucky", "Luna", "Mabel", "Maggie", "Mango", "Max", "Milo", "Misty", "Mochi",
        "Moose", "Nala", "Nugget", "Olive", "Ollie", "Oreo", "Oscar", "Otis", "Peanut", "Pepper", "Percy", "Pickles", "Pippin", "Poppy",
        "Pumpkin", "Raven", "Remy", "Rocky", "Rosie", "Rusty", "Sadie", "Scout", "Shadow", "Simba", "Smokey", "Snowball", "Sunny",
        "Teddy", "Toby", "Trixie", "Waffles", "Willow", "Winston", "Ziggy",
    ];
}
