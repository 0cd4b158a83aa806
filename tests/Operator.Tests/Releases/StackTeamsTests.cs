using Shouldly;
using Slipway.Crds;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Crds.V1Alpha1.Teams;
using Slipway.Operator.Releases;
using Slipway.Operator.Tests.Teams;
using Xunit;

namespace Slipway.Operator.Tests.Releases;

public sealed class StackTeamsTests
{
    private static readonly DateTimeOffset Created = Samples.Now.AddMinutes(-10);
    private static readonly TeamStatus HasSlug = new() { Slug = "payments" };

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void A_stack_that_names_no_team_waits_for_none(string? team)
    {
        ProblemOf(Stack(team)).ShouldBeNull();
        StackTeams.NameOf(Stack(team)).ShouldBeNull();
    }

    [Fact]
    public void Waits_for_a_team_that_is_missing()
    {
        var problem = ProblemOf(Stack("pay"))!;

        problem.Reason.ShouldBe(Reasons.TeamNotFound);
        problem.Message.ShouldContain("Team pay");
    }

    [Fact]
    public void Waits_for_a_team_that_the_ledger_has_not_and_says_why()
    {
        var stalled = new TeamStatus { Conditions = [TeamSamples.Condition(WellKnown.Conditions.Ready, false, Reasons.OwnerRequired)] };

        ProblemOf(Stack("pay"), TeamSamples.Team())!.Reason.ShouldBe(Reasons.TeamNotReady);
        ProblemOf(Stack("pay"), TeamSamples.Team(status: stalled))!.Message.ShouldContain($"{Reasons.OwnerRequired}: as it was");
    }

    /// <summary>One that was edited into a mistake is still the team that it was.</summary>
    [Fact]
    public void Does_not_wait_for_a_team_that_has_its_slug()
    {
        ProblemOf(Stack("pay"), TeamSamples.Team(status: HasSlug)).ShouldBeNull();
        ProblemOf(Stack("pay"), TeamSamples.Team(status: HasSlug with
        {
            Conditions = [TeamSamples.Condition(WellKnown.Conditions.Ready, false, Reasons.OwnerRequired)],
        })).ShouldBeNull();
    }

    /// <summary>Timestamps have whole seconds: in the same one a stack counts as earlier.</summary>
    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public void Comes_too_late_for_a_team_that_was_on_its_way_out_before(int secondsFromCreationToDeletion, bool tooLate)
    {
        var team = TeamSamples.Team(status: HasSlug, deleted: Created.AddSeconds(secondsFromCreationToDeletion));

        StackTeams.IsTooLate(Stack("pay"), team).ShouldBe(tooLate);
        ProblemOf(Stack("pay"), team)?.Reason.ShouldBe(Reasons.TeamDeleting);
        (ProblemOf(Stack("pay"), team) is not null).ShouldBe(tooLate);
        StackTeams.IsTooLate(Stack("pay"), TeamSamples.Team()).ShouldBeFalse();
    }

    private static StackProblem? ProblemOf(Stack stack, params Team[] teams) => new StackTeams(new Shelf<Team>(teams)).ProblemOf(stack);

    private static Stack Stack(string? team)
    {
        var stack = Samples.Stack();
        return stack with { Metadata = stack.Metadata with { CreationTimestamp = Created }, Spec = stack.Spec with { Team = team } };
    }
}
