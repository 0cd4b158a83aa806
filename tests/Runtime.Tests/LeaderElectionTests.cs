using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Leases;
using Slipway.Runtime.Caching;
using Slipway.Runtime.Tests.Metrics;
using Slipway.Testing;
using Slipway.Testing.FakeApi;
using Xunit;

namespace Slipway.Runtime.Tests;

/// <summary>A manager under a leader's lease.</summary>
public sealed class LeaderElectionTests : IAsyncLifetime
{
    private static readonly ResourceKey Lease = new(new CollectionKey("coordination.k8s.io", "leases"), "ns", "leader");

    private readonly FakeClock _clock = new();
    private readonly RecordingObserver _observer = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<LeaderElection> _elections = [];
    private FakeApiServer _api = null!;
    private KubeClient _client = null!;
    private Manager _manager = null!;

    public async Task InitializeAsync()
    {
        _api = await FakeApiServer.StartAsync();
        _client = _api.NewClient();
        _manager = new Manager(_client, new ManagerOptions(), _observer, _clock, new Random(1));
    }

    public async Task DisposeAsync()
    {
        _elections.ForEach(election => election.Dispose());
        _manager.Dispose();
        _client.Dispose();
        await _api.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Gives_the_lease_back_when_everything_else_has_ended()
    {
        var (ending, mayEnd) = (new Gate(), new Gate());
        _manager.AddBackground(async token =>
        {
            await UntilAsync(token);
            ending.Open();
            await mayEnd.Opened;
        });
        var election = NewElection();
        var running = _manager.RunAsync(election, _stop.Token);
        await HeldByAsync(election);

        await _stop.CancelAsync();
        await ending.Opened.WaitAsync(Eventually.Patience);
        Holder().ShouldBe(election.Identity);
        election.IsLeading.ShouldBeTrue();
        mayEnd.Open();

        await running.WaitAsync(Eventually.Patience);
        Holder().ShouldBe("");
        election.IsLeading.ShouldBeFalse();
    }

    [Fact]
    public async Task Keeps_the_lease_while_reconciles_take_their_time_to_finish()
    {
        var gate = new Gate();
        var reconciler = new ScriptedReconciler(async (_, _) =>
        {
            await gate.Opened;
            return Next.Settled;
        });
        var builder = _manager.AddController("widgets", reconciler, new ControllerOptions { ResyncPeriod = null });
        var election = NewElection();
        var running = _manager.RunAsync(election, _stop.Token);
        builder.Queue.Enqueue(Widget.Key("a"));
        await reconciler.BegunAsync();
        await _stop.CancelAsync();

        for (var round = 0; round < 8; round++)
        {
            await RenewAsync();
        }

        Holder().ShouldBe(election.Identity);
        gate.Open();
        await running.WaitAsync(Eventually.Patience);
        Holder().ShouldBe("");
    }

    [Fact]
    public async Task Cancels_everything_and_says_so_when_the_lease_is_lost()
    {
        var (cancelled, ended) = (new Gate(), new Gate());
        var reconciler = new ScriptedReconciler(async (_, token) =>
        {
            await using var seen = token.Register(cancelled.Open);
            await Task.Delay(Timeout.Infinite, token);
            return Next.Settled;
        });
        var builder = _manager.AddController("widgets", reconciler, new ControllerOptions { ResyncPeriod = null });
        _manager.AddLeaderWork(async token =>
        {
            await UntilAsync(token);
            ended.Open();
        });
        var running = _manager.RunAsync(NewElection(), _stop.Token);
        builder.Queue.Enqueue(Widget.Key("a"));
        await reconciler.BegunAsync();

        _api.Store.Put(Lease, LeaseOf("somebody else"));
        await _clock.TimerWithinAsync(TimeSpan.FromSeconds(2), CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(2));

        (await Should.ThrowAsync<LeaseLostException>(running.WaitAsync(Eventually.Patience))).Reason.ShouldContain("somebody else");
        cancelled.Opened.IsCompleted.ShouldBeTrue();
        ended.Opened.IsCompleted.ShouldBeTrue();
        Holder().ShouldBe("somebody else");
        _observer.Lines.ShouldContain(line => line.StartsWith("lost ns/leader", StringComparison.Ordinal));
    }

    /// <summary>The API server does not answer any more. The deadline of the lease is what ends it, and not the end of a request.</summary>
    [Fact]
    public async Task Ends_when_it_cannot_renew_in_time()
    {
        var running = _manager.RunAsync(NewElection(), _stop.Token);
        await Eventually.See("leads", () => _observer.Lines.Any(line => line.StartsWith("leads", StringComparison.Ordinal)));
        var silent = new Gate();
        _api.Faults.Next(new Fault.HoldUntil(silent.Opened), times: int.MaxValue, when: request => request.Method == "PATCH");

        for (var second = 0; second < 10; second++)
        {
            running.IsCompleted.ShouldBeFalse($"after {second} s");
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        (await Should.ThrowAsync<LeaseLostException>(running.WaitAsync(Eventually.Patience))).Reason.ShouldContain("10 s");
        silent.Open();
    }

    [Fact]
    public async Task A_standby_has_warm_caches_and_does_nothing()
    {
        _api.Store.Put(Lease, LeaseOf("somebody else"));
        var reconciler = new ScriptedReconciler(() => Next.Settled);
        _api.Store.Put(WidgetKey("a"), JsonNode.Parse(Widget.Named("a", 0).ToJson())!.AsObject());
        var widgets = _manager.Informer<Widget>(InformerScope.All);
        _manager.AddController("widgets", reconciler, new ControllerOptions { ResyncPeriod = null }).For(widgets);
        var worked = false;
        _manager.AddLeaderWork(_ =>
        {
            worked = true;
            return Task.CompletedTask;
        });
        var election = NewElection();
        var running = _manager.RunAsync(election, _stop.Token);
        await Eventually.See("in sync", () => _manager.HasSynced);
        await Eventually.See("the leader", () => _observer.Lines.Contains("leader of ns/leader: somebody else"));
        widgets.Store.Count.ShouldBe(1);
        (reconciler.HasMore, worked, election.IsLeading).ShouldBe((false, false, false));

        _api.Store.Put(Lease, LeaseOf(""));

        (await reconciler.BegunAsync()).ShouldBe(Widget.Key("a"));
        await Eventually.See("leader's work", () => worked);
        await _stop.CancelAsync();
        await running.WaitAsync(Eventually.Patience);
    }

    [Fact]
    public async Task Workers_begin_when_the_leaders_start_has_ended()
    {
        var (begun, gate) = (new Gate(), new Gate());
        var reconciler = new ScriptedReconciler(() => Next.Settled);
        var builder = _manager.AddController("widgets", reconciler, new ControllerOptions { ResyncPeriod = null });
        builder.Queue.Enqueue(Widget.Key("a"));
        _manager.AddLeaderStart(async token =>
        {
            begun.Open();
            await gate.Opened.WaitAsync(token);
        });
        var running = _manager.RunAsync(_stop.Token);
        await begun.Opened.WaitAsync(Eventually.Patience);
        reconciler.HasMore.ShouldBeFalse();

        gate.Open();

        await reconciler.BegunAsync();
        await _stop.CancelAsync();
        await running.WaitAsync(Eventually.Patience);
    }

    [Fact]
    public async Task Leaders_work_that_fails_ends_everything_gives_the_lease_back_and_says_why()
    {
        _manager.AddController("widgets", new ScriptedReconciler(() => Next.Settled), new ControllerOptions());
        _manager.AddLeaderWork(_ => throw new InvalidOperationException("as scripted"));

        var running = _manager.RunAsync(NewElection(), _stop.Token);

        (await Should.ThrowAsync<InvalidOperationException>(running.WaitAsync(Eventually.Patience))).Message.ShouldBe("as scripted");
        Holder().ShouldBe("");
    }

    [Fact]
    public async Task A_leader_that_neither_renews_nor_ends_is_stuck()
    {
        var hang = new Gate();
        var election = NewElection();
        var running = election.RunAsync((_, _) => hang.Opened, _stop.Token);
        await HeldByAsync(election);
        _api.Faults.Next(new Fault.Refuse(500, "InternalError"), times: int.MaxValue, when: request => request.Method == "PATCH");

        _clock.Advance(TimeSpan.FromSeconds(34));
        election.IsStuck.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(2));
        election.IsStuck.ShouldBeTrue();
        election.IsLeading.ShouldBeFalse();

        hang.Open();
        await Should.ThrowAsync<LeaseLostException>(running.WaitAsync(Eventually.Patience));
        election.IsStuck.ShouldBeFalse();
    }

    [Fact]
    public async Task Shows_in_the_metrics_who_leads()
    {
        using var metrics = new MetricsReader("name", "leader");
        var election = NewElection();
        metrics.Collect().ShouldBe(Series(leads: 0, slowPaths: 0), ignoreOrder: true);
        var running = _manager.RunAsync(election, _stop.Token);
        await HeldByAsync(election);
        metrics.Collect().ShouldBe(Series(leads: 1, slowPaths: 0), ignoreOrder: true);

        var held = _api.Store.Find(Lease)!;
        held["metadata"]!["labels"] = new JsonObject { ["by"] = "an administrator" };
        _api.Store.Put(Lease, held);
        await RenewAsync();
        metrics.Collect().ShouldBe(Series(leads: 1, slowPaths: 1), ignoreOrder: true);

        await _stop.CancelAsync();
        await running.WaitAsync(Eventually.Patience);
        metrics.Collect().ShouldBe(Series(leads: 0, slowPaths: 1), ignoreOrder: true);
        election.Dispose();
        metrics.Collect().ShouldBeEmpty();
    }

    private static Dictionary<string, double> Series(double leads, double slowPaths) => new()
    {
        ["leader_election_master_status{}"] = leads,
        ["leader_election_slowpath_total{}"] = slowPaths,
    };

    private LeaderElection NewElection()
    {
        var options = new LeaseOptions { Key = new NamespacedName("ns", "leader"), Holder = "pod-1" };
        _elections.Add(new LeaderElection(_client, options, _observer, _clock, new Random(1)));
        return _elections[^1];
    }

    /// <summary>
    /// Moves the clock to the next renewal, and waits until the holder knows that it has renewed: whoever ends before that gives the lease back
    /// at a version that is not the last, and tries again by a clock that nobody moves.
    /// </summary>
    private async Task RenewAsync()
    {
        var before = Renewed();
        await _clock.TimerWithinAsync(TimeSpan.FromSeconds(2), CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(2));
        await Eventually.See("renewed", () => Renewed() != before);
        await _clock.TimerWithinAsync(TimeSpan.FromSeconds(2), CancellationToken.None);
    }

    private Task HeldByAsync(LeaderElection election) => Eventually.See("leads", () => election.IsLeading && Holder() == election.Identity);

    private string? Holder() => _api.Store.Find(Lease).Text("spec.holderIdentity");

    private string? Renewed() => _api.Store.Find(Lease).Text("spec.renewTime");

    private static JsonObject LeaseOf(string holder) => new()
    {
        ["apiVersion"] = "coordination.k8s.io/v1",
        ["kind"] = "Lease",
        ["spec"] = new JsonObject { ["holderIdentity"] = holder, ["leaseDurationSeconds"] = 15, ["leaseTransitions"] = 7 },
    };

    private static ResourceKey WidgetKey(string name) => new(new CollectionKey(Widget.Type.Group, Widget.Type.Plural), "ns", name);

    private static async Task UntilAsync(CancellationToken token)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = token.Register(ended.SetResult);
        await ended.Task;
    }
}
