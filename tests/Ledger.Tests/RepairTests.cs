using Shouldly;
using Xunit;

namespace Slipway.Ledger.Tests;

/// <summary>A ledger that was restored from an older backup learns from the cluster what it has forgotten.</summary>
public sealed class RepairTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    private static readonly DateTimeOffset At = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Releases_it_never_heard_of_are_there_with_their_versions_moves_and_order()
    {
        var scene = await Scene.CreateAsync(database);
        var one = Evidence(scene, 1, ReleasePhase.Pending, ReleasePhase.Activating, ReleasePhase.Active, ReleasePhase.Superseded) with
        {
            SupersededBy = Version(3),
        };
        var two = Evidence(scene, 2, ReleasePhase.Pending, ReleasePhase.Activating, ReleasePhase.Failed);
        var three = Evidence(scene, 3, ReleasePhase.Pending, ReleasePhase.Activating, ReleasePhase.Active);
        var refused = Evidence(scene, 9, ReleasePhase.Cancelled) with { Version = null, Name = "refused" };

        var repaired = await RepairAsync(scene, [refused, three, one, two]);

        repaired.Select(release => (release.Name, release.Moves)).ShouldBe([("rel-1", 4), ("rel-2", 3), ("rel-3", 3), ("refused", 1)]);
        var state = await scene.ReadAsync();
        (state.Active!.Uid, state.Active.Version, state.Active.Digest, state.Active.Pinned).ShouldBe((three.Uid, Version(3), "sha256:1", true));
        state.InFlight.ShouldBeEmpty();
        var first = await scene.FindAsync(one.Uid);
        (first.SupersededBy, first.StartedAt, first.FinishedAt).ShouldBe((Version(3), At, At.AddSeconds(2)));
        first.Transitions.Select(move => (move.From, move.To, move.At, move.Reason)).ShouldBe(
        [
            (null, ReleasePhase.Pending, At, "Because"),
            (ReleasePhase.Pending, ReleasePhase.Activating, At.AddSeconds(1), "Because"),
            (ReleasePhase.Activating, ReleasePhase.Active, At.AddSeconds(2), "Because"),
            (ReleasePhase.Active, ReleasePhase.Superseded, At.AddSeconds(3), "Because"),
        ]);
        (await scene.FindAsync(refused.Uid)).Version.ShouldBeNull();
        (await scene.PendingAsync("next")).Version.ShouldBe(Version(4));
    }

    [Fact]
    public async Task A_release_that_it_knows_makes_the_moves_that_it_lacks()
    {
        var scene = await Scene.CreateAsync(database);
        var known = await scene.PendingAsync("rel-1");
        var one = Evidence(scene, 1, ReleasePhase.Pending, ReleasePhase.Activating, ReleasePhase.Active, ReleasePhase.Superseded) with { Uid = known.Uid };
        var two = Evidence(scene, 2, ReleasePhase.Pending, ReleasePhase.Activating);

        var repaired = await RepairAsync(scene, [one, two]);

        repaired.Select(release => (release.Name, release.Phase, release.Moves))
            .ShouldBe([("rel-1", ReleasePhase.Superseded, 3), ("rel-2", ReleasePhase.Activating, 2)]);
        var state = await scene.ReadAsync();
        (state.Desired!.Uid, state.Desired.DeadlineAt, state.Desired.Pinned, state.Active).ShouldBe((two.Uid, null, false, null));
        (await scene.ActivateAsync(two.Uid)).Moved.ShouldBeTrue();
    }

    [Fact]
    public async Task Who_is_active_and_whom_no_object_tells_of_makes_room()
    {
        var scene = await Scene.CreateAsync(database, ConcurrencyPolicy.Queue);
        var active = await scene.ActiveAsync("active");
        var inFlight = await scene.ActivatingAsync("in-flight");
        var three = Evidence(scene, 3, ReleasePhase.Pending, ReleasePhase.Activating, ReleasePhase.Active) with { RollbackTo = Version(1), Source = ReleaseSourceKind.Rollback };

        await RepairAsync(scene, [three]);

        (await scene.FindAsync(active.Uid)).Phase.ShouldBe(ReleasePhase.RolledBack);
        (await scene.FindAsync(active.Uid)).SupersededBy.ShouldBe(Version(3));
        (await scene.FindAsync(inFlight.Uid)).Reason.ShouldBe("ObjectGone");
    }

    [Fact]
    public async Task Repeated_or_with_nothing_missing_it_changes_nothing()
    {
        var scene = await Scene.CreateAsync(database);
        var admitted = await scene.PendingAsync("newcomer");
        (await RepairAsync(scene, [])).ShouldBeEmpty();
        (await scene.FindAsync(admitted.Uid)).Phase.ShouldBe(ReleasePhase.Pending, "it is the newest, and its object may not have told of it yet");
        ReleaseEvidence[] releases = [Evidence(scene, 2, ReleasePhase.Pending, ReleasePhase.Activating, ReleasePhase.Active)];
        await RepairAsync(scene, releases);
        var state = await scene.ReadAsync();

        (await RepairAsync(scene, releases)).ShouldBeEmpty();
        (await RepairAsync(scene, [releases[0] with { Uid = Guid.NewGuid() }])).ShouldBeEmpty("an object that was applied again shows the same version");

        (await scene.ReadAsync()).Stack.ShouldBe(state.Stack);
        (await scene.ReadAsync()).Newest.ShouldBe(state.Newest, WholeRow.Comparer);
    }

    [Fact]
    public async Task Asked_for_a_dry_run_it_tells_the_same_and_writes_nothing()
    {
        var scene = await Scene.CreateAsync(database);
        ReleaseEvidence[] releases = [Evidence(scene, 1, ReleasePhase.Pending, ReleasePhase.Activating, ReleasePhase.Active)];

        var told = await scene.Ledger.RepairAsync(Lineage(scene, releases), dryRun: true, default);

        (await scene.ReadAsync()).Newest.ShouldBeEmpty();
        (await RepairAsync(scene, releases)).ShouldBe(told);
    }

    [Fact]
    public async Task Steps_are_above_whatever_a_workload_was_written_from()
    {
        var scene = await Scene.CreateAsync(database);
        var stamp = scene.Stack.Sequence + 1_000_000;

        await scene.Ledger.RepairAsync(Lineage(scene, []) with { Stamp = stamp }, dryRun: false, default);

        (await scene.ReadAsync()).Stack.Sequence.ShouldBeGreaterThan(stamp);
        (await scene.ActivatingAsync()).Sequence!.Value.ShouldBeGreaterThan(stamp);
    }

    [Fact]
    public async Task Releases_of_a_former_stack_count_in_the_lineage_and_nothing_of_them_is_alive()
    {
        var scene = await Scene.CreateAsync(database);
        var former = Guid.NewGuid();
        var active = Evidence(scene, 1, ReleasePhase.Pending, ReleasePhase.Activating, ReleasePhase.Active) with { StackUid = former };
        var waiting = Evidence(scene, 2, ReleasePhase.Pending) with { StackUid = former };

        await RepairAsync(scene, [active, waiting]);

        (await scene.FindAsync(active.Uid)).Reason.ShouldBe("StackDeleted");
        (await scene.FindAsync(waiting.Uid)).Reason.ShouldBe("StackDeleting");
        (await scene.Ledger.ReadStackAsync(former, 10, default))!.Stack.Lifecycle.ShouldBe(StackLifecycle.Deleted);
        (await scene.ReadAsync()).Newest.ShouldBeEmpty();
        (await scene.PendingAsync()).Version.ShouldBe(Version(3));
    }

    [Fact]
    public async Task What_the_ledger_has_on_another_way_stays_as_it_is()
    {
        var scene = await Scene.CreateAsync(database);
        var known = await scene.PendingAsync();
        await scene.Ledger.CancelAsync(known.Uid, "Cancelled", "", default);
        var other = Evidence(scene, 1, ReleasePhase.Pending, ReleasePhase.Activating, ReleasePhase.Active) with { Uid = known.Uid };

        (await RepairAsync(scene, [other])).ShouldBe([new RepairedRelease("rel-1", Version(1), ReleasePhase.Cancelled, 0)]);

        (await scene.FindAsync(known.Uid)).Phase.ShouldBe(ReleasePhase.Cancelled);
    }

    [Fact]
    public async Task Moves_that_nobody_makes_are_refused_and_nothing_of_the_lineage_is_written()
    {
        var scene = await Scene.CreateAsync(database);
        var fine = Evidence(scene, 1, ReleasePhase.Pending, ReleasePhase.Cancelled);
        var edited = Evidence(scene, 2, ReleasePhase.Pending, ReleasePhase.Active);

        (await Should.ThrowAsync<Npgsql.PostgresException>(() => RepairAsync(scene, [fine, edited]))).SqlState.ShouldBe("SL001");

        (await scene.ReadAsync()).Newest.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_build_in_flight_goes_on_with_what_it_is_built_of()
    {
        var scene = await Scene.CreateAsync(database);
        var building = Evidence(scene, 1, ReleasePhase.Pending, ReleasePhase.Building) with { Source = ReleaseSourceKind.Git, Build = "{}" };

        await RepairAsync(scene, [building]);

        var row = await scene.FindAsync(building.Uid);
        (row.Phase, row.Build, row.Source).ShouldBe((ReleasePhase.Building, "{}", ReleaseSourceKind.Git));
    }

    [Fact]
    public async Task A_stacks_own_source_is_known_again_unless_the_ledger_knows_a_newer_one()
    {
        var scene = await Scene.CreateAsync(database);
        var source = new StackSourceRow(7, Made: true, Landed: true, "source", "template", "web-3", "{}");

        await scene.Ledger.RepairAsync(Lineage(scene, []) with { Source = source }, dryRun: false, default);
        await scene.Ledger.RepairAsync(Lineage(scene, []) with { Source = source with { Generation = 6, SourceHash = "old" } }, dryRun: false, default);

        (await scene.ReadAsync()).Source.ShouldBe(source);
    }

    private static ReleaseVersion Version(int number) => new(new DateOnly(2026, 11, 22), number);

    private static Task<IReadOnlyList<RepairedRelease>> RepairAsync(Scene scene, IReadOnlyList<ReleaseEvidence> releases) =>
        scene.Ledger.RepairAsync(Lineage(scene, releases), dryRun: false, default);

    private static LineageEvidence Lineage(Scene scene, IReadOnlyList<ReleaseEvidence> releases) =>
        new(scene.Stack.Namespace, scene.Stack.Name, scene.Stack.Uid, 0, releases, null);

    private static ReleaseEvidence Evidence(Scene scene, int number, params ReleasePhase[] phases) => new()
    {
        Uid = Guid.NewGuid(),
        Name = $"rel-{number}",
        StackUid = scene.Stack.Uid,
        SpecHash = $"hash-{number}",
        Version = Version(number),
        ImageReference = "registry/app@sha256:1",
        Digest = "sha256:1",
        Template = "{}",
        Attempts = 1,
        Moves = [.. phases.Select((phase, index) => new MoveEvidence(phase, At.AddSeconds(index), "Because", ""))],
    };
}
