using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Runtime.Caching;
using Xunit;

namespace Slipway.Runtime.Tests.Caching;

public sealed class DeparturesTests
{
    private readonly Departures _departures = new();

    [Fact]
    public void Hides_everything_of_the_ended_and_only_the_older_of_those_that_left()
    {
        _departures.AddEnd("ended");
        _departures.AddLeave("left", "7");

        _departures.Hides(At(100, "ended")).ShouldBeTrue();
        _departures.Hides(At(7, "left")).ShouldBeTrue();
        _departures.Hides(At(8, "left")).ShouldBeFalse();
        _departures.Hides(At(1, "other")).ShouldBeFalse();
        _departures.Hides(new ObjectMeta()).ShouldBeFalse();
    }

    [Fact]
    public void Forgets_those_that_left_when_nothing_older_can_come_any_more()
    {
        _departures.AddLeave("left", "7");
        _departures.Passed("6");
        _departures.Count.ShouldBe(1);
        _departures.AddLeave("left", "9");
        _departures.Passed("7");
        _departures.Count.ShouldBe(1);

        _departures.Passed("9");

        _departures.Count.ShouldBe(0);
    }

    [Fact]
    public void Remembers_a_limited_number_of_the_ended_and_forgets_the_oldest()
    {
        for (var i = 0; i < 3_000; i++)
        {
            _departures.AddEnd($"{i}");
            _departures.AddEnd($"{i}");
        }

        _departures.Count.ShouldBe(1_000);
        _departures.Hides(At(5, "2999")).ShouldBeTrue();
        _departures.Hides(At(5, "2000")).ShouldBeTrue();
        _departures.Hides(At(5, "1999")).ShouldBeFalse();
    }

    private static ObjectMeta At(int version, string uid) => Widget.Named("a", version, uid).Metadata;
}
