using Shouldly;
using Slipway.Kubernetes.Leases;
using Slipway.Kubernetes.Resources;
using Slipway.Testing;
using Xunit;

namespace Slipway.Kubernetes.Tests.Conformance;

/// <content>About locks on leases.</content>
public abstract partial class ClientConformance
{
    private LeaseOptions LockOptions => new() { Key = Key("lock"), Holder = "tests", Labels = Data(("set", "w")) };

    [Fact]
    public async Task A_lock_says_who_holds_it_and_is_given_back_when_the_work_is_done()
    {
        var first = NewLock();
        V1Lease? held = null;
        await first.RunAsync(
            async term =>
            {
                // A renewal may come in between.
                held = await Client.GetAsync<V1Lease>(Key("lock"), None);
                term.Token.ShouldBe(new FencingToken(held!.Metadata.Uid!, 0, term.Token.Version));
                long.Parse(term.Token.Version).ShouldBeLessThanOrEqualTo(long.Parse(held.Metadata.ResourceVersion!));
            },
            None);
        var after = await Client.GetAsync<V1Lease>(Key("lock"), None);

        held!.Spec!.HolderIdentity.ShouldBe(first.Identity);
        held.Spec.LeaseDurationSeconds.ShouldBe(15);
        held.Spec.AcquireTime.ShouldNotBeNull();
        held.Spec.RenewTime.ShouldNotBeNull();
        held.Metadata.Label("set").ShouldBe("w");
        after!.Spec!.HolderIdentity.ShouldBeNullOrEmpty();
        after.Spec.LeaseTransitions.ShouldBe(0);
    }

    [Fact]
    public async Task A_lock_is_taken_by_the_next_one_when_it_is_given_back()
    {
        var (hold, waiting) = (new Gate(), new HolderSeen());
        var begun = new Gate();
        var (first, second) = (NewLock(), NewLock(waiting));
        var holding = first.RunAsync(term => UntilAsync(begun, hold), None);
        await begun.Opened;
        FencingToken? token = null;
        var taking = second.RunAsync(term => Task.FromResult(token = term.Token), None);
        (await waiting.Holder.WaitAsync(Eventually.Patience)).ShouldBe(first.Identity);
        taking.IsCompleted.ShouldBeFalse();

        hold.Open();
        await holding;
        await taking.WaitAsync(Eventually.Patience);

        token!.Transitions.ShouldBe(1);
    }

    [Fact]
    public async Task Of_many_who_want_a_lock_one_has_it_at_a_time()
    {
        var (inside, most, turns) = (0, 0, 0);
        var tokens = new List<FencingToken>();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => NewLock().RunAsync(
            async term =>
            {
                most = Math.Max(most, Interlocked.Increment(ref inside));
                turns++;
                tokens.Add(term.Token);
                await Client.GetAsync<V1Lease>(Key("lock"), None);
                Interlocked.Decrement(ref inside);
            },
            None)))).WaitAsync(Eventually.Patience);

        (most, turns).ShouldBe((1, 6));
        tokens.ShouldBeInOrder();
        tokens.Select(token => token.Transitions).ShouldBe([0, 1, 2, 3, 4, 5]);
    }

    [Fact]
    public async Task A_lock_whose_lease_is_deleted_is_lost()
    {
        var ended = new Gate();
        var deleted = await Should.ThrowAsync<LeaseLostException>(() => NewLock().RunAsync(
            async term =>
            {
                await Client.DeleteAsync<V1Lease>(Key("lock"), new DeleteOptions(), None);
                term.Lost.Register(ended.Open);
                await ended.Opened.WaitAsync(Eventually.Patience);
            },
            None));

        deleted.Message.ShouldContain("deleted");
        (await Client.GetAsync<V1Lease>(Key("lock"), None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_lock_that_somebody_else_writes_itself_into_is_lost_and_left_alone()
    {
        var ended = new Gate();
        var lost = await Should.ThrowAsync<LeaseLostException>(() => NewLock().RunAsync(
            async term =>
            {
                var patch = new JsonPatch().Replace("/spec/holderIdentity", "somebody else");
                await Client.PatchAsync<V1Lease>(Key("lock"), patch, None);
                term.Lost.Register(ended.Open);
                await ended.Opened.WaitAsync(Eventually.Patience);
            },
            None));

        lost.Reason.ShouldContain("somebody else");
        (await Client.GetAsync<V1Lease>(Key("lock"), None))!.Spec!.HolderIdentity.ShouldBe("somebody else");
    }

    [Fact]
    public async Task What_others_write_beside_a_lock_stays_and_does_not_cost_it()
    {
        await NewLock().RunAsync(
            async term =>
            {
                await Client.PatchAsync<V1Lease>(Key("lock"), new JsonPatch().Add("/metadata/annotations", Json("""{"note":"mine"}""")), None);
                var before = (await Client.GetAsync<V1Lease>(Key("lock"), None))!.Spec!.RenewTime;
                await Eventually.See(
                    "a renewal", () => Client.GetAsync<V1Lease>(Key("lock"), None), lease => lease!.Spec!.RenewTime != before);
                term.IsLost.ShouldBeFalse();
            },
            None);

        var after = await Client.GetAsync<V1Lease>(Key("lock"), None);
        after!.Metadata.Annotation("note").ShouldBe("mine");
        after.Spec!.HolderIdentity.ShouldBeNullOrEmpty();
    }

    [Fact]
    public async Task Who_stops_waiting_for_a_lock_leaves_it_to_its_holder()
    {
        var (begun, hold, waiting) = (new Gate(), new Gate(), new HolderSeen());
        var holding = NewLock().RunAsync(term => UntilAsync(begun, hold), None);
        await begun.Opened;
        using var enough = new CancellationTokenSource();
        var taking = NewLock(waiting).RunAsync(_ => throw new InvalidOperationException("It was never free."), enough.Token);
        await waiting.Holder.WaitAsync(Eventually.Patience);
        await enough.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => taking);
        hold.Open();
        await holding;
    }

    private LeaseLock NewLock(LeaseObserver? observer = null) => new(Client, LockOptions, TimeProvider.System, new Random(1), observer);

    private static async Task UntilAsync(Gate begun, Gate hold)
    {
        begun.Open();
        await hold.Opened;
    }

    private sealed class HolderSeen : LeaseObserver
    {
        private readonly TaskCompletionSource<string?> _holder = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string?> Holder => _holder.Task;

        public override void Waiting(V1Lease lease) => _holder.TrySetResult(lease.Spec!.HolderIdentity);
    }
}
