using Shouldly;
using Xunit;

namespace Slipway.Ledger.Tests;

/// <summary>A stack whose object is gone without a teardown, and is there again under another UID, was restored.</summary>
public sealed class StackTakeoverTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    [Fact]
    public async Task Everything_is_the_restored_stacks_and_the_former_row_is_a_tombstone()
    {
        var scene = await Scene.CreateAsync(database);
        var failed = await scene.PendingAsync("failed");
        await scene.Ledger.FailAsync(failed.Uid, ReleasePhase.Pending, "ImageUnavailable", "There is none.", null, default);
        var refused = await scene.Ledger.RefuseAsync(scene.Refusal(scene.Request("refused")), default);
        var active = await scene.ActiveAsync("active");
        var before = await scene.ReadAsync();

        var restored = await scene.Ledger.RegisterStackAsync(Scene.Registration(scene.Stack.Name), default);

        (restored.Lifecycle, restored.Sequence).ShouldBe((StackLifecycle.Live, before.Stack.Sequence));
        var after = (await scene.Ledger.ReadStackAsync(restored.Uid, 10, default))!;
        after.Newest.ShouldBe(before.Newest.Select(row => row with { StackId = restored.Id, StackUid = restored.Uid }), WholeRow.Comparer);
        (after.Desired!.Uid, after.Active!.Uid).ShouldBe((active.Uid, active.Uid));
        after.Newest.Select(row => row.Uid).ShouldBe([active.Uid, refused.Uid, failed.Uid]);
        var former = await scene.ReadAsync();
        (former.Stack.Lifecycle, former.Desired, former.Newest.Count).ShouldBe((StackLifecycle.Deleted, null, 0));
    }

    [Fact]
    public async Task Objects_applied_again_find_their_finished_releases_and_the_next_version_follows()
    {
        var scene = await Scene.CreateAsync(database);
        var request = scene.Request("active");
        await scene.AdmitAsync(request);
        await scene.Ledger.TakeSlotAsync(request.Uid, Scene.Image, default);
        await scene.ActivateAsync(request.Uid);
        var restored = await scene.Ledger.RegisterStackAsync(Scene.Registration(scene.Stack.Name), default);

        var again = await scene.AdmitAsync(request with { Uid = Guid.NewGuid(), StackUid = restored.Uid });
        var next = await scene.AdmitAsync(scene.Request("next") with { StackUid = restored.Uid });

        (again.Kind, again.Release!.Uid, again.Release.Phase).ShouldBe((AdmissionKind.AlreadyKnown, request.Uid, ReleasePhase.Active));
        (next.Kind, next.Release!.Version!.Value.Number).ShouldBe((AdmissionKind.Admitted, 2));
    }

    [Fact]
    public async Task What_was_in_flight_ends_when_its_object_is_seen_again()
    {
        var scene = await Scene.CreateAsync(database);
        var request = scene.Request();
        await scene.AdmitAsync(request);
        var restored = await scene.Ledger.RegisterStackAsync(Scene.Registration(scene.Stack.Name), default);
        (await scene.FindAsync(request.Uid)).Phase.ShouldBe(ReleasePhase.Pending);

        var again = await scene.AdmitAsync(request with { Uid = Guid.NewGuid(), StackUid = restored.Uid });

        (again.Kind, again.Release!.Phase, again.Release.Reason).ShouldBe((AdmissionKind.AlreadyKnown, ReleasePhase.Cancelled, "ObjectGone"));
    }

    [Fact]
    public async Task The_former_object_does_not_take_it_back()
    {
        var scene = await Scene.CreateAsync(database);
        await scene.ActiveAsync();
        var restored = await scene.Ledger.RegisterStackAsync(Scene.Registration(scene.Stack.Name), default);

        var row = await scene.Ledger.RegisterStackAsync(
            new StackRegistration(scene.Stack.Uid, "team", scene.Stack.Name, 9, ConcurrencyPolicy.Queue), default);
        await scene.Ledger.FinishTeardownAsync(scene.Stack.Uid, default);

        row.Lifecycle.ShouldBe(StackLifecycle.Deleted);
        var state = (await scene.Ledger.ReadStackAsync(restored.Uid, 10, default))!;
        (state.Stack, state.Active!.Phase).ShouldBe((restored, ReleasePhase.Active));
    }

    [Fact]
    public async Task An_object_seen_only_by_a_cache_takes_nothing_over_and_takes_no_release()
    {
        var scene = await Scene.CreateAsync(database);
        var active = await scene.ActiveAsync();
        var stale = Scene.Registration(scene.Stack.Name);

        var row = await scene.Ledger.RegisterStackAsync(stale, _ => Task.FromResult(false), default);

        row.Lifecycle.ShouldBe(StackLifecycle.Deleted);
        (await scene.AdmitAsync(scene.Request("other") with { StackUid = stale.Uid })).Kind.ShouldBe(AdmissionKind.StackDeleting);
        (await scene.ReadAsync()).Active!.Uid.ShouldBe(active.Uid);
    }

    [Fact]
    public async Task Whether_an_object_exists_is_asked_only_when_another_one_has_its_name()
    {
        var scene = await Scene.CreateAsync(database);
        var registration = Scene.Registration($"alone-{Guid.NewGuid():N}");

        await scene.Ledger.RegisterStackAsync(registration, _ => throw new InvalidOperationException("asked"), default);
        await scene.Ledger.RegisterStackAsync(registration with { Generation = 2 }, _ => throw new InvalidOperationException("asked"), default);
        await Should.ThrowAsync<InvalidOperationException>(() => scene.Ledger.RegisterStackAsync(
            registration with { Uid = Guid.NewGuid() }, _ => throw new InvalidOperationException("asked"), default));

        (await scene.Ledger.ReadStackAsync(registration.Uid, 0, default))!.Stack.Lifecycle.ShouldBe(StackLifecycle.Live);
    }

    /// <summary>The slot is asked for while the former stack's row is locked by the takeover.</summary>
    [Fact]
    public async Task A_move_that_meets_a_takeover_is_made_under_the_restored_stack()
    {
        var scene = await Scene.CreateAsync(database, ConcurrencyPolicy.Parallel);
        var older = await scene.PendingAsync("older");
        var newer = await scene.ActiveAsync("newer");
        await using var onlooker = await Rival.BeginAsync(database);
        Task<SlotOutcome>? slot = null;

        await scene.Ledger.RegisterStackAsync(
            Scene.Registration(scene.Stack.Name, ConcurrencyPolicy.Parallel),
            async _ =>
            {
                slot = Task.Run(() => scene.Ledger.TakeSlotAsync(older.Uid, Scene.Image, default));
                await onlooker.BlocksAsync(1);
                return true;
            },
            default);

        var outcome = await slot!;
        (outcome.Kind, outcome.Release.SupersededBy).ShouldBe((SlotKind.Superseded, newer.Version));
    }

    [Fact]
    public async Task Stacks_are_listed_by_the_cluster_they_were_last_registered_from()
    {
        var scene = await Scene.CreateAsync(database);
        var (here, there) = (Guid.NewGuid(), Guid.NewGuid());
        var first = Scene.Registration($"first-{Guid.NewGuid():N}") with { Cluster = here };
        var second = Scene.Registration($"second-{Guid.NewGuid():N}");
        await scene.Ledger.RegisterStackAsync(first, default);
        await scene.Ledger.RegisterStackAsync(second, default);
        (await scene.Ledger.ListStacksAsync(here, default)).Select(stack => stack.Uid).ShouldBe([first.Uid]);

        await scene.Ledger.RegisterStackAsync(second with { Cluster = here }, default);
        await scene.Ledger.RegisterStackAsync(first with { Cluster = null, Generation = 7 }, default);
        (await scene.Ledger.ListStacksAsync(here, default)).Select(stack => stack.Uid).ShouldBe([first.Uid, second.Uid]);
        await scene.Ledger.RegisterStackAsync(first with { Uid = Guid.NewGuid(), Cluster = there }, default);
        await scene.Ledger.BeginTeardownAsync(second.Uid, default);

        (await scene.Ledger.ListStacksAsync(here, default)).Select(stack => (stack.Uid, stack.Lifecycle)).ShouldBe([(second.Uid, StackLifecycle.Deleting)]);
        await scene.Ledger.FinishTeardownAsync(second.Uid, default);
        (await scene.Ledger.ListStacksAsync(here, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_older_generation_that_knows_the_cluster_changes_nothing_else()
    {
        var scene = await Scene.CreateAsync(database);
        var cluster = Guid.NewGuid();
        var newer = new StackRegistration(scene.Stack.Uid, "team", scene.Stack.Name, 3, ConcurrencyPolicy.Parallel);
        await scene.Ledger.RegisterStackAsync(newer, default);

        var row = await scene.Ledger.RegisterStackAsync(newer with { Generation = 2, Concurrency = ConcurrencyPolicy.Queue, Cluster = cluster }, default);

        (row.Generation, row.Concurrency, row.Cluster).ShouldBe((3, ConcurrencyPolicy.Parallel, cluster));
    }
}
