using Shouldly;
using Xunit;

namespace Slipway.Ledger.Tests;

/// <summary>What becomes of a newcomer while others are in flight.</summary>
public sealed class PolicyTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    [Fact]
    public async Task Reject_ends_the_newcomer_without_a_version_and_says_who_holds_the_stack()
    {
        var scene = await Scene.CreateAsync(database, ConcurrencyPolicy.Reject);
        var holder = await scene.PendingAsync("first");

        var outcome = await scene.AdmitAsync(scene.Request("second"));

        outcome.Kind.ShouldBe(AdmissionKind.Refused);
        var row = outcome.Release!;
        (row.Phase, row.Reason, row.Version, row.FinishedAt).ShouldBe((ReleasePhase.Failed, "DeploymentInProgress", null, scene.Clock.GetUtcNow()));
        row.Message.ShouldContain($"{holder.Name} (version {holder.Version}, requested by ada)");
        row.Message.ShouldContain($"{holder.StartedAt:u}");
        row.Message.ShouldContain("Pending");
        row.Message.ShouldContain($"until {holder.DeadlineAt:u}");
        (await scene.FindAsync(row.Uid)).ShouldBeEquivalentTo(row);
        await scene.Ledger.CancelAsync(holder.Uid, "Cancelled", "", default);
        (await scene.AdmitAsync(scene.Request("third"))).Release!.Version!.Value.Number.ShouldBe(2);
    }

    [Fact]
    public async Task Supersede_ends_an_older_one_in_whichever_phase_it_is()
    {
        var scene = await Scene.CreateAsync(database, ConcurrencyPolicy.Supersede);
        var active = await scene.ActiveAsync("active");
        var older = await scene.ActivatingAsync("older");
        scene.Clock.Advance(TimeSpan.FromSeconds(5));

        var outcome = await scene.AdmitAsync(scene.Request("newer"));

        outcome.Kind.ShouldBe(AdmissionKind.Admitted);
        var ended = await scene.FindAsync(older.Uid);
        (ended.Phase, ended.SupersededBy).ShouldBe((ReleasePhase.Superseded, outcome.Release!.Version));
        var state = await scene.ReadAsync();
        state.Desired!.Uid.ShouldBe(active.Uid, "the workload goes back to what is active");
        state.Stack.Sequence.ShouldBe(ended.Transitions[^1].Id);
    }

    [Fact]
    public async Task Supersede_ends_an_older_object_that_comes_later_and_not_the_newer_one()
    {
        var scene = await Scene.CreateAsync(database, ConcurrencyPolicy.Supersede);
        var late = scene.Request("late");
        scene.Clock.Advance(TimeSpan.FromSeconds(5));
        var newer = await scene.PendingAsync("newer");

        var outcome = await scene.AdmitAsync(late);

        outcome.Kind.ShouldBe(AdmissionKind.Refused);
        (outcome.Release!.Phase, outcome.Release.Version, outcome.Release.SupersededBy).ShouldBe((ReleasePhase.Superseded, null, newer.Version));
        (await scene.FindAsync(newer.Uid)).Phase.ShouldBe(ReleasePhase.Pending);
    }

    [Theory]
    [InlineData("a", "b", AdmissionKind.Admitted)]
    [InlineData("b", "a", AdmissionKind.Refused)]
    public async Task Supersede_decides_by_name_within_one_second(string first, string second, AdmissionKind kind)
    {
        var scene = await Scene.CreateAsync(database, ConcurrencyPolicy.Supersede);
        await scene.PendingAsync(first);

        (await scene.AdmitAsync(scene.Request(second))).Kind.ShouldBe(kind);
    }

    [Fact]
    public async Task The_policy_of_the_newcomer_decides_and_that_of_its_admission_stays_with_a_release()
    {
        var scene = await Scene.CreateAsync(database, ConcurrencyPolicy.Parallel);
        var (one, two) = (await scene.PendingAsync("1"), await scene.PendingAsync("2"));
        await RenewAsync(scene, ConcurrencyPolicy.Queue, 2);
        (await scene.AdmitAsync(scene.Request("3"))).Kind.ShouldBe(AdmissionKind.Waiting);
        await RenewAsync(scene, ConcurrencyPolicy.Supersede, 3);
        scene.Clock.Advance(TimeSpan.FromSeconds(1));

        var newcomer = (await scene.AdmitAsync(scene.Request("4"))).Release!;

        newcomer.Exclusive.ShouldBeTrue();
        (await scene.FindAsync(one.Uid)).SupersededBy.ShouldBe(newcomer.Version);
        (await scene.FindAsync(two.Uid)).SupersededBy.ShouldBe(newcomer.Version);
        await RenewAsync(scene, ConcurrencyPolicy.Parallel, 4);
        (await scene.AdmitAsync(scene.Request("5"))).Kind.ShouldBe(AdmissionKind.Waiting, "it was admitted alone");
    }

    [Theory]
    [InlineData(ConcurrencyPolicy.Reject)]
    [InlineData(ConcurrencyPolicy.Supersede)]
    public async Task Many_at_once_leave_one_in_flight_and_each_gets_an_end(ConcurrencyPolicy policy)
    {
        var scene = await Scene.CreateAsync(database, policy);
        await using var elsewhere = database.Connect();
        var other = scene.With(Scene.LedgerOf(elsewhere, scene.Clock));
        var requests = Enumerable.Range(0, 24)
            .Select(number => scene.Request($"{number:00}") with { AskedAt = scene.Clock.GetUtcNow().AddSeconds(number * 7 % 24) }).ToList();

        await Task.WhenAll(requests.Select((request, number) => (number % 2 == 0 ? scene : other).AdmitAsync(request)));

        var rows = await Task.WhenAll(requests.Select(request => scene.FindAsync(request.Uid)));
        var winner = rows.Where(row => row.Phase.IsInFlight()).ShouldHaveSingleItem();
        rows.Where(row => row != winner).ShouldAllBe(row => row.Phase == (policy == ConcurrencyPolicy.Reject ? ReleasePhase.Failed : ReleasePhase.Superseded));
        var versions = rows.Where(row => row.Version is not null).Select(row => row.Version!.Value.Number).Order().ToList();
        versions.ShouldBe(Enumerable.Range(1, versions.Count));
        if (policy == ConcurrencyPolicy.Supersede)
        {
            winner.AskedAt.ShouldBe(requests.Max(request => request.AskedAt));
        }
    }

    private static Task RenewAsync(Scene scene, ConcurrencyPolicy policy, long generation) => scene.Ledger.RegisterStackAsync(
        new StackRegistration(scene.Stack.Uid, scene.Stack.Namespace, scene.Stack.Name, generation, policy), default);
}
