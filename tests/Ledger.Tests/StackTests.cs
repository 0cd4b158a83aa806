using Shouldly;
using Xunit;

namespace Slipway.Ledger.Tests;

public sealed class StackTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    [Fact]
    public async Task Is_registered_once_and_follows_newer_generations_only()
    {
        var scene = await Scene.CreateAsync(database);
        var registration = new StackRegistration(scene.Stack.Uid, "team", scene.Stack.Name, 3, ConcurrencyPolicy.Parallel);

        var renewed = await scene.Ledger.RegisterStackAsync(registration, default);
        var stale = await scene.Ledger.RegisterStackAsync(registration with { Generation = 2, Concurrency = ConcurrencyPolicy.Queue }, default);

        (renewed.Id, renewed.Generation, renewed.Concurrency, renewed.Lifecycle).ShouldBe(
            (scene.Stack.Id, 3, ConcurrencyPolicy.Parallel, StackLifecycle.Live));
        stale.ShouldBe(renewed);
    }

    [Fact]
    public async Task Two_operators_may_register_at_the_same_time()
    {
        await using var elsewhere = database.Connect();
        var scene = await Scene.CreateAsync(database);
        var other = Scene.LedgerOf(elsewhere, scene.Clock);
        for (var round = 0; round < 20; round++)
        {
            var registration = Scene.Registration($"twice-{Guid.NewGuid():N}");
            var rows = await Task.WhenAll(new[] { scene.Ledger, other, scene.Ledger, other }.Select(
                ledger => Task.Run(() => ledger.RegisterStackAsync(registration, default))));
            rows.Distinct().ShouldHaveSingleItem();
        }
    }

    [Fact]
    public async Task Two_objects_of_one_name_that_arrive_at_the_same_time_leave_one_live_row()
    {
        await using var elsewhere = database.Connect();
        var scene = await Scene.CreateAsync(database);
        var other = Scene.LedgerOf(elsewhere, scene.Clock);
        var registrations = Enumerable.Range(0, 6).Select(_ => Scene.Registration(scene.Stack.Name)).ToList();

        await Task.WhenAll(registrations.Select((registration, number) => Task.Run(
            () => (number % 2 == 0 ? scene.Ledger : other).RegisterStackAsync(registration, default))));

        var states = await Task.WhenAll(registrations.Select(registration => scene.Ledger.ReadStackAsync(registration.Uid, 0, default)));
        states.Count(state => state!.Stack.Lifecycle == StackLifecycle.Live).ShouldBe(1);
        states.Count(state => state!.Stack.Lifecycle == StackLifecycle.Deleted).ShouldBe(5);
        (await scene.ReadAsync()).Stack.Lifecycle.ShouldBe(StackLifecycle.Deleted);
    }

    [Fact]
    public async Task A_new_object_of_the_name_ends_what_a_teardown_left_and_continues_the_versions()
    {
        var scene = await Scene.CreateAsync(database);
        var active = await scene.ActiveAsync("active");
        var inFlight = await scene.ActivatingAsync("in-flight");
        await scene.Ledger.BeginTeardownAsync(scene.Stack.Uid, default);

        var recreated = await scene.Ledger.RegisterStackAsync(Scene.Registration(scene.Stack.Name), default);

        var former = await scene.ReadAsync();
        (former.Stack.Lifecycle, former.Desired, former.InFlight.Count).ShouldBe((StackLifecycle.Deleted, null, 0));
        former.Stack.Sequence.ShouldBeGreaterThan(inFlight.Sequence!.Value);
        var cancelled = await scene.FindAsync(inFlight.Uid);
        (cancelled.Phase, cancelled.Reason).ShouldBe((ReleasePhase.Cancelled, "StackDeleting"));
        var superseded = await scene.FindAsync(active.Uid);
        (superseded.Phase, superseded.Reason, superseded.SupersededBy).ShouldBe((ReleasePhase.Superseded, "StackDeleted", null));

        // The same object of a release asks anew: it is another stack. Its lineage is the name.
        var next = (await scene.AdmitAsync(scene.Request("active") with { StackUid = recreated.Uid })).Release!;
        (next.Version!.Value.Number, next.StackId).ShouldBe((3, recreated.Id));
    }

    [Fact]
    public async Task A_stack_that_is_gone_does_not_come_back_and_ends_nobody()
    {
        var scene = await Scene.CreateAsync(database);
        var former = new StackRegistration(scene.Stack.Uid, "team", scene.Stack.Name, 1, ConcurrencyPolicy.Queue);
        var recreated = await scene.Ledger.RegisterStackAsync(Scene.Registration(scene.Stack.Name), default);

        var row = await scene.Ledger.RegisterStackAsync(former with { Generation = 9 }, default);

        (row.Uid, row.Lifecycle, row.Generation).ShouldBe((scene.Stack.Uid, StackLifecycle.Deleted, 1));
        (await scene.Ledger.ReadStackAsync(recreated.Uid, 0, default))!.Stack.ShouldBe(recreated);
    }

    [Fact]
    public async Task Teardown_ends_what_is_in_flight_first_and_what_is_active_last()
    {
        var scene = await Scene.CreateAsync(database, ConcurrencyPolicy.Parallel);
        var active = await scene.ActiveAsync("active");
        var activating = await scene.ActivatingAsync("activating");
        var pending = await scene.PendingAsync("pending");

        var deleting = await scene.Ledger.BeginTeardownAsync(scene.Stack.Uid, default);

        deleting!.Lifecycle.ShouldBe(StackLifecycle.Deleting);
        var state = await scene.ReadAsync();
        (state.InFlight.Count, state.Active!.Uid, state.Stack).ShouldBe((0, active.Uid, deleting));
        foreach (var release in new[] { activating, pending })
        {
            var ended = await scene.FindAsync(release.Uid);
            (ended.Phase, ended.Reason).ShouldBe((ReleasePhase.Cancelled, "StackDeleting"));
            deleting.Sequence.ShouldBeGreaterThan(ended.Transitions[^1].Id);
        }

        (await scene.Ledger.BeginTeardownAsync(scene.Stack.Uid, default)).ShouldBe(deleting);
        await scene.Ledger.FinishTeardownAsync(scene.Stack.Uid, default);
        var end = await scene.ReadAsync();
        (end.Stack.Lifecycle, end.Desired, end.Active).ShouldBe((StackLifecycle.Deleted, null, null));
        (await scene.FindAsync(active.Uid)).Reason.ShouldBe("StackDeleted");
        await scene.Ledger.FinishTeardownAsync(scene.Stack.Uid, default);
        (await scene.ReadAsync()).Stack.ShouldBe(end.Stack);
    }

    [Fact]
    public async Task Finishing_a_teardown_that_was_never_begun_begins_it_too()
    {
        var scene = await Scene.CreateAsync(database);
        var pending = await scene.PendingAsync();
        await scene.Ledger.FinishTeardownAsync(scene.Stack.Uid, default);
        (await scene.FindAsync(pending.Uid)).Phase.ShouldBe(ReleasePhase.Cancelled);
        (await scene.ReadAsync()).Stack.Lifecycle.ShouldBe(StackLifecycle.Deleted);
    }

    [Fact]
    public async Task Tearing_down_a_stack_it_never_heard_of_is_done_at_once()
    {
        var scene = await Scene.CreateAsync(database);
        (await scene.Ledger.BeginTeardownAsync(Guid.NewGuid(), default)).ShouldBeNull();
        await scene.Ledger.FinishTeardownAsync(Guid.NewGuid(), default);
        (await scene.Ledger.ReadStackAsync(Guid.NewGuid(), 1, default)).ShouldBeNull();
    }

    [Fact]
    public async Task An_admission_and_a_teardown_that_meet_leave_nothing_in_flight()
    {
        for (var round = 0; round < 20; round++)
        {
            var scene = await Scene.CreateAsync(database, round % 2 == 0 ? ConcurrencyPolicy.Queue : ConcurrencyPolicy.Parallel);
            var admission = Task.Run(() => scene.AdmitAsync(scene.Request()));
            await Task.WhenAll(admission, Task.Run(() => scene.Ledger.BeginTeardownAsync(scene.Stack.Uid, default)));
            (await scene.ReadAsync()).InFlight.ShouldBeEmpty();
            (await admission).Kind.ShouldBeOneOf(AdmissionKind.Admitted, AdmissionKind.StackDeleting);
        }
    }

    [Fact]
    public async Task Is_read_with_its_newest_releases_and_those_in_flight()
    {
        var scene = await Scene.CreateAsync(database, ConcurrencyPolicy.Parallel);
        var first = await scene.ActiveAsync("1");
        var second = await scene.ActivatingAsync("2");
        var third = await scene.PendingAsync("3");
        var refused = await scene.Ledger.RefuseAsync(scene.Refusal(scene.Request("4")), default);

        var state = await scene.ReadAsync(3);

        state.Newest.Select(row => row.Uid).ShouldBe([refused.Uid, third.Uid, second.Uid]);
        state.InFlight.Select(row => row.Uid).ShouldBe([second.Uid, third.Uid]);
        (state.Active!.Uid, state.Desired!.Uid).ShouldBe((first.Uid, second.Uid));
        (await scene.Ledger.ListInFlightAsync(default)).Where(row => row.StackUid == scene.Stack.Uid).Select(row => row.Uid)
            .ShouldBe([second.Uid, third.Uid]);
        await scene.Ledger.PingAsync(default);
    }
}
