using Shouldly;
using Xunit;

namespace Slipway.DemoData.Tests;

/// <summary>The expected numbers come from an implementation in JavaScript, with its Math.imul and unsigned shifts.</summary>
public sealed class Mulberry32Tests
{
    [Theory]
    [InlineData(42, new uint[] { 2581720956, 1925393290, 3661312704, 2876485805, 750819978 })]
    [InlineData(0, new uint[] { 1144304738, 1416247, 958946056, 627933444, 2007157716 })]
    [InlineData(uint.MaxValue, new uint[] { 3850105811, 813802916, 3073704848, 4054706436, 3630262831 })]
    public void Gives_the_numbers_that_other_languages_give(uint seed, uint[] expected)
    {
        var dice = new Mulberry32(seed);

        expected.ShouldAllBe(number => dice.Next() == number);
    }

    [Fact]
    public void Still_agrees_after_a_million()
    {
        var dice = new Mulberry32(42);
        for (var count = 1; count < 1_000_000; count++)
        {
            dice.Next();
        }

        dice.Next().ShouldBe(3314057631);
    }

    [Fact]
    public void Numbers_below_a_bound_are_the_high_part_of_the_product()
    {
        var dice = new Mulberry32(42);

        Enumerable.Range(0, 10).Select(_ => dice.Next(10)).ShouldBe([6, 4, 8, 6, 1, 5, 2, 6, 8, 4]);
    }

    [Fact]
    public void Fractions_are_below_one()
    {
        var dice = new Mulberry32(42);

        dice.NextDouble().ShouldBe(0.6011037519201636);
        dice.NextDouble().ShouldBe(0.44829055899754167);
        Enumerable.Range(0, 10_000).ShouldAllBe(_ => dice.NextDouble() >= 0 && dice.NextDouble() < 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public void Every_number_below_the_bound_comes_about_as_often(int max)
    {
        var dice = new Mulberry32(42);
        var thirds = new int[3];
        for (var count = 0; count < 30_000; count++)
        {
            var number = dice.Next(max);
            number.ShouldBeInRange(0, max - 1);
            thirds[(int)((long)number * 3 / max)]++;
        }

        // Of seven numbers the parts have three, two and two.
        thirds.ShouldBe(max switch { 1 => [30_000, 0, 0], 7 => [12_857, 8_571, 8_571], _ => [10_000, 10_000, 10_000] }, Comparer());
    }

    [Fact]
    public void A_stretch_can_be_played_again()
    {
        var dice = new Mulberry32(42);
        dice.Next();
        var state = dice.State;
        var first = Enumerable.Range(0, 100).Select(_ => dice.Next()).ToList();

        dice.State = state;

        Enumerable.Range(0, 100).Select(_ => dice.Next()).ShouldBe(first);
        new Mulberry32(state).Next().ShouldBe(first[0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void There_is_no_number_below_nothing(int max) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new Mulberry32(42).Next(max));

    private static EqualityComparer<int> Comparer() =>
        EqualityComparer<int>.Create((one, other) => Math.Abs(one - other) <= 300, number => number);
}
