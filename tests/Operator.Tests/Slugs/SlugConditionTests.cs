using Shouldly;
using Slipway.Crds;
using Slipway.Ledger.Slugs;
using Slipway.Operator.Slugs;
using Slipway.Operator.Tests.Teams;
using Xunit;

namespace Slipway.Operator.Tests.Slugs;

public sealed class SlugConditionTests
{
    [Theory]
    [InlineData("Payments", "payments", "payments", "the slug is \"payments\"")]
    [InlineData("Payments", "payments-3", "payments", "another one's")]
    [InlineData("Admin", "admin-1", "admin", "reserved")]
    public void Says_which_slug_it_is_and_why_it_has_a_number(string name, string slug, string slugBase, string why)
    {
        var condition = SlugCondition.Of(Ask(name), slug, slugBase);

        (condition.Allocated, condition.Reason).ShouldBe((true, Reasons.Allocated));
        condition.Message.ShouldContain($"\"{slug}\"");
        condition.Message.ShouldContain(why);
    }

    [Theory]
    [InlineData("Billing")]
    [InlineData(null)]
    public void Says_why_a_slug_stays_that_would_be_another_one_now(string? name)
    {
        var ask = Ask(name);

        var condition = SlugCondition.Of(ask, "payments-1", "payments");

        (condition.Allocated, condition.Reason).ShouldBe((true, Reasons.SlugKept));
        foreach (var word in (string[])["payments-1", ask.Base])
        {
            condition.Message.ShouldContain($"\"{word}\"");
        }
    }

    /// <summary>Another spelling of which the same is made is no edit.</summary>
    [Fact]
    public void Does_not_mind_a_name_of_which_the_same_slug_is_made() =>
        SlugCondition.Of(Ask("  PAYMENTS! "), "payments", "payments").Reason.ShouldBe(Reasons.Allocated);

    [Fact]
    public void Says_the_first_and_the_last_that_are_taken_and_what_to_do()
    {
        var condition = SlugCondition.Exhausted(Ask("Payments"));

        (condition.Allocated, condition.Reason).ShouldBe((false, Reasons.SlugsExhausted));
        foreach (var word in (string[])["\"payments\"", "\"payments-10\"", "displayName", "spec.slug"])
        {
            condition.Message.ShouldContain(word);
        }
    }

    [Theory]
    [InlineData(WellKnown.Conditions.SlugAllocated, Reasons.SlugsExhausted, true)]
    [InlineData(WellKnown.Conditions.SlugAllocated, Reasons.Allocated, false)]
    [InlineData(WellKnown.Conditions.Ready, Reasons.SlugsExhausted, false)]
    public void Knows_who_waits_for_a_slug(string type, string reason, bool waits)
    {
        SlugCondition.IsExhausted([TeamSamples.Condition(type, false, reason)]).ShouldBe(waits);
        SlugCondition.IsExhausted(null).ShouldBeFalse();
    }

    private static SlugAsk Ask(string? displayName) => new(SlugKind.Team, null, displayName, "pay");
}
