using Shouldly;
using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Teams;
using Slipway.Operator.Teams;
using Xunit;
using static Slipway.Operator.Tests.Teams.TeamSamples;

namespace Slipway.Operator.Tests.Teams;

public sealed class TeamStatusProjectionTests
{
    private static readonly Condition Allocated = Condition(WellKnown.Conditions.SlugAllocated, true, Reasons.Allocated);
    private static readonly TeamStatus Known = new()
    {
        ObservedGeneration = 3,
        Slug = "payments",
        Owner = "alice",
        Conditions = [Condition(WellKnown.Conditions.Ready, true, Reasons.TeamReady), Allocated],
    };

    [Fact]
    public void A_team_in_the_ledger_is_ready_with_its_slug_and_its_owner()
    {
        var status = TeamStatusProjection.Of(Team(), Row(), Samples.Now);

        (status.ObservedGeneration, status.Slug, status.Owner).ShouldBe((4, "payments", "alice"));
        Said(status).ShouldBe(["Ready True TeamReady", "SlugAllocated True Allocated"]);
    }

    /// <summary>What the ledger has counts, not what the spec asks for.</summary>
    [Fact]
    public void Owner_and_slug_are_those_of_the_ledger()
    {
        var status = TeamStatusProjection.Of(Team(status: Known), Row("paying", "paying", "bob"), Samples.Now);

        (status.Slug, status.Owner).ShouldBe(("paying", "bob"));
        Said(status).ShouldBe(["Ready True TeamReady", "SlugAllocated True SlugKept"]);
    }

    [Fact]
    public void A_team_for_which_there_is_no_slug_says_so_in_three_places_and_shows_none()
    {
        var status = TeamStatusProjection.Exhausted(Team(), Samples.Now);

        (status.Slug, status.Owner, status.ObservedGeneration).ShouldBe((null, null, 4));
        Said(status).ShouldBe(["Ready False SlugsExhausted", "Stalled True SlugsExhausted", "SlugAllocated False SlugsExhausted"]);
        status.Conditions!.ShouldAllBe(one => one.Message.Contains("payments-10"));
    }

    [Fact]
    public void A_team_with_a_mistake_keeps_what_was_known_of_it()
    {
        var status = TeamStatusProjection.Stalled(Team(status: Known), new TeamProblem(Reasons.OwnerRequired, "name one"), Samples.Now);

        (status.Slug, status.Owner, status.ObservedGeneration).ShouldBe(("payments", "alice", 4));
        Said(status).ShouldBe(["Ready False OwnerRequired", "Stalled True OwnerRequired", "SlugAllocated True Allocated"]);
        status.Conditions!.ShouldContain(Allocated);
    }

    [Fact]
    public void While_the_ledger_is_away_a_team_is_as_ready_as_it_was()
    {
        var known = TeamStatusProjection.WhileLedgerIsAway(Team(status: Known), Samples.Now);
        var fresh = TeamStatusProjection.WhileLedgerIsAway(Team(), Samples.Now);

        Said(known).ShouldBe(["Ready True TeamReady", "Reconciling True LedgerUnavailable", "SlugAllocated True Allocated"]);
        (known.Slug, known.Owner).ShouldBe(("payments", "alice"));
        Said(fresh).ShouldBe(["Ready False LedgerUnavailable", "Reconciling True LedgerUnavailable"]);
    }

    private static IEnumerable<string> Said(TeamStatus status) => status.Conditions!.Select(one => $"{one.Type} {one.Status} {one.Reason}");
}
