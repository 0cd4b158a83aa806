namespace Slipway.DemoData.PetGrooming;

/// <summary>Draws from the stream; each takes one number of it.</summary>
internal static class Drawing
{
    /// <summary>Both ends included.</summary>
    public static int Between(this Mulberry32 dice, int least, int greatest) => least + dice.Next(greatest - least + 1);

    /// <summary>True in so many cases of a hundred.</summary>
    public static bool Chance(this Mulberry32 dice, int percent) => dice.Next(100) < percent;

    public static T Pick<T>(this Mulberry32 dice, IReadOnlyList<T> among) => among[dice.Next(among.Count)];
}
