using Shouldly;
using Slipway.Crds.Meta;
using Xunit;

namespace Slipway.Crds.Tests;

public sealed class ConditionSetTests
{
    private static readonly DateTimeOffset Before = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = Before.AddMinutes(5);
    private static readonly IReadOnlyList<string> Owned = ["Ready", "Reconciling"];

    [Fact]
    public void A_new_condition_has_changed_now()
    {
        var condition = new ConditionSet(null, Owned, 3, Now).Set("Ready", true, "Active", "It runs.").ToList().ShouldHaveSingleItem();

        condition.ShouldBe(new Condition
        {
            Type = "Ready",
            Status = ConditionStatus.True,
            Reason = "Active",
            Message = "It runs.",
            ObservedGeneration = 3,
            LastTransitionTime = Now,
        });
    }

    [Fact]
    public void The_time_stays_while_only_reason_message_and_generation_change()
    {
        var condition = new ConditionSet([Ready(ConditionStatus.False)], Owned, 4, Now)
            .Set("Ready", false, "StackNotFound", "Other words.").ToList().ShouldHaveSingleItem();

        condition.LastTransitionTime.ShouldBe(Before);
        condition.Reason.ShouldBe("StackNotFound");
        condition.Message.ShouldBe("Other words.");
        condition.ObservedGeneration.ShouldBe(4);
    }

    [Theory]
    [InlineData(ConditionStatus.True)]
    [InlineData(ConditionStatus.Unknown)]
    public void The_time_moves_with_the_status(ConditionStatus next) =>
        new ConditionSet([Ready(ConditionStatus.False)], Owned, 1, Now)
            .Set("Ready", next, "Progressing", "").ToList().ShouldHaveSingleItem().LastTransitionTime.ShouldBe(Now);

    [Fact]
    public void A_condition_that_is_not_set_again_is_dropped() =>
        new ConditionSet([Ready(ConditionStatus.True)], Owned, 1, Now)
            .Set("Reconciling", true, "Progressing", "").ToList().ShouldHaveSingleItem().Type.ShouldBe("Reconciling");

    [Fact]
    public void A_condition_that_is_to_stay_is_as_it_was_and_in_its_place()
    {
        var before = Ready(ConditionStatus.True);

        new ConditionSet([before], Owned, 7, Now).Set("Reconciling", true, "Progressing", "").Keep("Ready").ToList()[0].ShouldBe(before);
    }

    [Fact]
    public void Nothing_is_kept_that_was_not_there() => new ConditionSet(null, Owned, 7, Now).Keep("Ready").ToList().ShouldBeEmpty();

    [Fact]
    public void Conditions_of_other_writers_are_kept_as_they_are()
    {
        var foreign = Ready(ConditionStatus.Unknown) with { Type = "example.com/Approved" };

        new ConditionSet([foreign, Ready(ConditionStatus.True)], Owned, 2, Now).ToList().ShouldBe([foreign]);
    }

    [Fact]
    public void The_order_is_the_declared_one_however_they_are_set() =>
        new ConditionSet(null, Owned, 1, Now)
            .Set("Reconciling", false, "Settled", "").Set("Ready", true, "Active", "")
            .ToList().Select(condition => condition.Type).ShouldBe(Owned);

    [Fact]
    public void The_last_word_on_a_condition_counts() =>
        new ConditionSet(null, Owned, 1, Now)
            .Set("Ready", true, "Active", "").Set("Ready", false, "Progressing", "")
            .ToList().ShouldHaveSingleItem().Status.ShouldBe(ConditionStatus.False);

    private static Condition Ready(ConditionStatus status) => new()
    {
        Type = "Ready",
        Status = status,
        Reason = "Progressing",
        Message = "Some words.",
        ObservedGeneration = 1,
        LastTransitionTime = Before,
    };
}
