using Shouldly;
using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Crds.V1Alpha1.Teams;
using Slipway.Operator.Deployments;
using Slipway.Operator.Releases;
using Slipway.Operator.Tests.Teams;
using Slipway.Runtime.Caching;
using Xunit;

namespace Slipway.Operator.Tests;

/// <summary>Who is woken by teams, and by what becomes of slugs: all that a test on a real API server would only be told of later, by a timer.</summary>
public sealed class TeamWiringTests
{
    private static readonly Team Team = TeamSamples.Team();
    private static readonly Team WithSlug = Team with { Status = new TeamStatus { Slug = "payments" } };
    private static readonly Stack Web = Samples.Stack() is var stack ? stack with { Spec = stack.Spec with { Team = "pay" } } : null!;
    private static readonly NamespacedName WebKey = NamespacedName.Of(Web);
    private static readonly Deployment Waiting = Samples.Deployment();
    private static readonly IReadOnlyList<Condition> NoSlug = [TeamSamples.Condition(WellKnown.Conditions.SlugAllocated, false, Reasons.SlugsExhausted)];

    public static TheoryData<string, StoreChange<Team>, bool> Changes => new()
    {
        { "it comes", new(null, Team, false), true },
        { "it goes", new(Team, null, false), true },
        { "it is listed at the start", new(null, Team, true), true },
        { "it gets its slug", new(Team, WithSlug, false), true },
        { "it begins to go", new(WithSlug, WithSlug with { Metadata = WithSlug.Metadata with { DeletionTimestamp = Samples.Now } }, false), true },
        { "it was made anew", new(WithSlug, WithSlug with { Metadata = WithSlug.Metadata with { Uid = "another" } }, false), true },
        { "its owner changes", new(WithSlug, WithSlug with { Spec = new TeamSpec { Owner = "bob" } }, false), false },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_team_wakes_its_stacks_and_what_waits_on_them(string when, StoreChange<Team> change, bool wakes)
    {
        var wiring = Wiring(stacks: [Web, Other()], deployments: [Waiting]);

        wiring.StacksOfTeam(change).ShouldBe(wakes ? [WebKey] : [], when);
        wiring.ReleasesOfTeam(change).ShouldBe(wakes ? [NamespacedName.Of(Waiting)] : [], when);
    }

    [Fact]
    public void A_stack_wakes_the_team_that_it_named_when_it_goes_or_names_another()
    {
        NamespacedName[] pay = [new("", "pay")];

        Operator.Wiring.TeamsOfStack(new(Web, null, false)).ShouldBe(pay);
        Operator.Wiring.TeamsOfStack(new(Web, Other(), false)).ShouldBe(pay);
        Operator.Wiring.TeamsOfStack(new(Web, Web with { Spec = Web.Spec with { Team = null } }, false)).ShouldBe(pay);
        Operator.Wiring.TeamsOfStack(new(Web, Web, false)).ShouldBeEmpty();
        Operator.Wiring.TeamsOfStack(new(null, Web, false)).ShouldBeEmpty();
    }

    [Fact]
    public void One_that_goes_wakes_those_of_its_kind_that_wait_for_a_slug()
    {
        var without = Web with { Metadata = Web.Metadata with { Name = "without" }, Status = new StackStatus { Conditions = NoSlug } };
        var teamWithout = Team with { Metadata = Team.Metadata with { Name = "without" }, Status = new TeamStatus { Conditions = NoSlug } };
        var wiring = Wiring([Web, without], teams: [WithSlug, teamWithout]);

        wiring.StacksWithoutSlug(new(Web, null, false)).ShouldBe([NamespacedName.Of(without)]);
        wiring.StacksWithoutSlug(new(Web, Web, false)).ShouldBeEmpty();
        wiring.TeamsWithoutSlug(new(WithSlug, null, false)).ShouldBe([NamespacedName.Of(teamWithout)]);
        wiring.TeamsWithoutSlug(new(WithSlug, WithSlug, false)).ShouldBeEmpty();
    }

    private static Stack Other() =>
        Web with { Metadata = Web.Metadata with { Name = "other" }, Spec = Web.Spec with { Team = "other" } };

    private static Wiring Wiring(IReadOnlyList<Stack> stacks, IReadOnlyList<Deployment>? deployments = null, IReadOnlyList<Team>? teams = null) => new(
        Indexed(deployments ?? [], Observer.ByStack, one => [$"{one.Metadata.Namespace}/{one.Spec.Stack}"]),
        new Store<EnvPatch>(),
        Indexed(stacks, (StackTeams.ByTeam, one => [one.Spec.Team!]), (Operator.Wiring.WithoutSlug, one => IsWithout(one.Status?.Conditions))),
        Indexed(teams ?? [], Operator.Wiring.WithoutSlug, one => IsWithout(one.Status?.Conditions)));

    private static IEnumerable<string> IsWithout(IReadOnlyList<Condition>? conditions) =>
        Slipway.Operator.Slugs.SlugCondition.IsExhausted(conditions) ? [Operator.Wiring.WithoutSlug] : [];

    private static Store<T> Indexed<T>(IReadOnlyList<T> items, string index, Func<T, IEnumerable<string>> valuesOf)
        where T : class, IResource<T> => Indexed(items, (index, valuesOf));

    private static Store<T> Indexed<T>(IReadOnlyList<T> items, params (string Name, Func<T, IEnumerable<string>> ValuesOf)[] indexes)
        where T : class, IResource<T>
    {
        var store = new Store<T>();
        foreach (var (name, valuesOf) in indexes)
        {
            store.AddIndex(name, valuesOf);
        }

        foreach (var item in items)
        {
            store.Set(item);
        }

        return store;
    }
}
