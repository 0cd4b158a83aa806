using Shouldly;
using Slipway.Runtime.Caching;
using Slipway.Testing;
using Xunit;

namespace Slipway.Runtime.Tests;

public sealed class ManagerTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private readonly RecordingObserver _observer = new();
    private readonly CancellationTokenSource _stop = new();
    private ScriptedApi _api = null!;
    private Manager _manager = null!;

    public async Task InitializeAsync()
    {
        _api = await ScriptedApi.StartAsync();
        _manager = new Manager(_api.Client(_clock), Options(streaming: false), _observer, _clock, new Random(1));
    }

    public async Task DisposeAsync()
    {
        _manager.Dispose();
        await _api.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public void Shares_an_informer_per_type_and_scope()
    {
        var all = _manager.Informer<Widget>(InformerScope.All);
        _manager.Informer<Widget>(new InformerScope()).ShouldBeSameAs(all);
        _manager.Informer<Widget>(new InformerScope { Namespace = "ns" }).ShouldNotBeSameAs(all);
    }

    [Fact]
    public async Task Starts_the_workers_when_all_caches_are_in_sync()
    {
        var reconciler = new ScriptedReconciler(() => Next.Settled);
        _manager.AddController("gadgets", reconciler, new ControllerOptions())
            .For(_manager.Informer<Gadget>(InformerScope.All))
            .Owns<Gadget, Widget>(_manager.Informer<Widget>(InformerScope.All));
        var running = _manager.RunAsync(_stop.Token);

        var lists = await ListsAsync(2);
        await lists["gadgets"].ReplyAsync(200, Wire.ListOf(5, null, Gadget.Named("g", 1).ToJson()));
        (await _api.NextWatchAsync()).Path.ShouldEndWith("gadgets");
        reconciler.HasMore.ShouldBeFalse();
        _manager.HasSynced.ShouldBeFalse();
        await lists["widgets"].ReplyAsync(200, Wire.List(5));

        (await reconciler.BegunAsync()).Name.ShouldBe("g");
        _manager.HasSynced.ShouldBeTrue();
        await StopAsync(running);
    }

    [Fact]
    public async Task Wakes_the_owner_of_an_owned_object_and_the_former_owner_too()
    {
        var reconciler = new ScriptedReconciler(() => Next.Settled);
        _manager.AddController("gadgets", reconciler, new ControllerOptions())
            .Owns<Gadget, Widget>(_manager.Informer<Widget>(InformerScope.All));
        var running = _manager.RunAsync(_stop.Token);
        await (await _api.NextListAsync()).ReplyAsync(200, Wire.List(5));
        var watch = await _api.NextWatchAsync();

        await watch.SendAsync(Wire.Event("ADDED", Widget.Named("w", 6).OwnedBy("g1")));
        (await reconciler.BegunAsync()).ShouldBe(Widget.Key("g1"));
        await watch.SendAsync(Wire.Event("MODIFIED", Widget.Named("w", 7).OwnedBy("g2")));
        // In either order: g1 comes after g2 if it was not quite done with.
        (new[] { await reconciler.BegunAsync(), await reconciler.BegunAsync() }).ShouldBe([Widget.Key("g1"), Widget.Key("g2")], ignoreOrder: true);
        await watch.SendAsync(Wire.Event("MODIFIED", Widget.Named("w", 8).OwnedBy("g3", kind: "Gizmo")));
        (await reconciler.BegunAsync()).ShouldBe(Widget.Key("g2"));
        await watch.SendAsync(Wire.Event("MODIFIED", Widget.Named("w", 9).OwnedBy("g4", apiVersion: "elsewhere/v1")));
        await watch.SendAsync(Wire.Event("ADDED", Widget.Named("x", 10).OwnedBy("g5", apiVersion: "tests.slipway.dev/v2")));
        (await reconciler.BegunAsync()).ShouldBe(Widget.Key("g5"));
        await watch.SendAsync(Wire.Event("DELETED", Widget.Named("x", 11).OwnedBy("g5", apiVersion: "tests.slipway.dev/v2")));
        (await reconciler.BegunAsync()).ShouldBe(Widget.Key("g5"));

        await StopAsync(running);
    }

    [Fact]
    public async Task Wakes_owners_and_others_only_by_changes_that_count()
    {
        var reconciler = new ScriptedReconciler(() => Next.Settled);
        var widgets = _manager.Informer<Widget>(InformerScope.All);
        _manager.AddController("gadgets", reconciler, new ControllerOptions { ResyncPeriod = null })
            .Owns<Gadget, Widget>(widgets, change => change.New?.Spec?.Size == 1)
            .Watches(widgets, _ => [Widget.Key("all")], change => change.New?.Spec?.Size == 2);
        var running = _manager.RunAsync(_stop.Token);
        await (await _api.NextListAsync()).ReplyAsync(200, Wire.List(5));
        var watch = await _api.NextWatchAsync();

        await watch.SendAsync(Wire.Event("ADDED", Widget.Named("w", 6).OwnedBy("none")));
        await watch.SendAsync(Wire.Event("MODIFIED", Widget.Named("w", 7, size: 1).OwnedBy("g")));
        (await reconciler.BegunAsync()).ShouldBe(Widget.Key("none"));
        (await reconciler.BegunAsync()).ShouldBe(Widget.Key("g"));
        await watch.SendAsync(Wire.Event("MODIFIED", Widget.Named("w", 8, size: 2).OwnedBy("g")));
        (await reconciler.BegunAsync()).ShouldBe(Widget.Key("all"));

        await StopAsync(running);
        reconciler.HasMore.ShouldBeFalse();
    }

    [Fact]
    public async Task Wakes_only_what_predicate_and_map_say_and_is_woken_from_outside()
    {
        var reconciler = new ScriptedReconciler(() => Next.Settled);
        var widgets = _manager.Informer<Widget>(InformerScope.All);
        var controller = _manager.AddController("widgets", reconciler, new ControllerOptions { ResyncPeriod = null })
            .For(widgets, Predicates.SpecOrMetadataChanged)
            .Watches(widgets, change => change.New?.Spec?.Size == 7 ? [Widget.Key("seven")] : []);
        var running = _manager.RunAsync(_stop.Token);
        await (await _api.NextListAsync()).ReplyAsync(200, Wire.List(5, Widget.Named("a", 1)));
        (await reconciler.BegunAsync()).ShouldBe(Widget.Key("a"));
        var watch = await _api.NextWatchAsync();

        await watch.SendAsync(Wire.Event("MODIFIED", Widget.Named("a", 6)));
        await watch.SendAsync(Wire.Event("MODIFIED", Widget.Named("a", 7, size: 7)));
        (await reconciler.BegunAsync()).ShouldBe(Widget.Key("seven"));
        controller.Queue.Enqueue(Widget.Key("outside"));
        (await reconciler.BegunAsync()).ShouldBe(Widget.Key("outside"));
        controller.Queue.EnqueueAfter(Widget.Key("later"), TimeSpan.FromSeconds(3));
        _clock.Advance(TimeSpan.FromSeconds(3));
        (await reconciler.BegunAsync()).ShouldBe(Widget.Key("later"));

        await StopAsync(running);
    }

    [Fact]
    public async Task Cancels_reconciles_that_do_not_finish_within_the_time_to_drain()
    {
        var cancelled = new Gate();
        var reconciler = new ScriptedReconciler(async (_, token) =>
        {
            await using var seen = token.Register(cancelled.Open);
            await Task.Delay(Timeout.Infinite, token);
            return Next.Settled;
        });
        var builder = _manager.AddController("widgets", reconciler, new ControllerOptions { ResyncPeriod = null });
        var running = _manager.RunAsync(_stop.Token);
        builder.Queue.Enqueue(Widget.Key("a"));
        await reconciler.BegunAsync();

        await _stop.CancelAsync();
        _clock.Advance(TimeSpan.FromSeconds(29));
        cancelled.Opened.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(1));

        await running.WaitAsync(TimeSpan.FromSeconds(60));
        _observer.Lines.ShouldContain("drain widgets 1");
    }

    [Fact]
    public async Task Cancels_reconciles_at_once_when_the_lease_is_lost()
    {
        using var lease = new CancellationTokenSource();
        var reconciler = new ScriptedReconciler(async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return Next.Settled;
        });
        var builder = _manager.AddController("widgets", reconciler, new ControllerOptions { ResyncPeriod = null });
        var running = _manager.RunAsync((work, _) => work(lease.Token, lease.Token), _stop.Token);
        builder.Queue.Enqueue(Widget.Key("a"));
        await reconciler.BegunAsync();

        await lease.CancelAsync();

        await running.WaitAsync(TimeSpan.FromSeconds(60));
        _observer.Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task Keeps_caches_warm_while_it_does_not_lead()
    {
        var lead = new Gate();
        var reconciler = new ScriptedReconciler(() => Next.Settled);
        _manager.AddController("widgets", reconciler, new ControllerOptions { ResyncPeriod = null })
            .For(_manager.Informer<Widget>(InformerScope.All));
        var running = _manager.RunAsync(LeadAsync, _stop.Token);
        await (await _api.NextListAsync()).ReplyAsync(200, Wire.List(5, Widget.Named("a", 1)));
        await _api.NextWatchAsync();
        _manager.HasSynced.ShouldBeTrue();
        reconciler.HasMore.ShouldBeFalse();

        lead.Open();

        (await reconciler.BegunAsync()).ShouldBe(Widget.Key("a"));
        await StopAsync(running);

        async Task LeadAsync(Func<CancellationToken, CancellationToken, Task> work, CancellationToken token)
        {
            await lead.Opened.WaitAsync(token);
            await work(token, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Ends_while_a_cache_cannot_sync_and_can_be_run_again()
    {
        _manager.Informer<Widget>(InformerScope.All);
        var running = _manager.RunAsync(_stop.Token);
        await Should.ThrowAsync<InvalidOperationException>(() => _manager.RunAsync(CancellationToken.None));
        await (await _api.NextListAsync()).ReplyAsync(403, Wire.Status(403, "Forbidden"));
        await _clock.TimerWithinAsync(TimeSpan.FromSeconds(2), CancellationToken.None);
        await StopAsync(running);

        using var stopAgain = new CancellationTokenSource();
        var again = _manager.RunAsync(stopAgain.Token);
        await (await _api.NextListAsync()).ReplyAsync(200, Wire.List(5));
        await _api.NextWatchAsync();
        await stopAgain.CancelAsync();
        await again;
    }

    [Fact]
    public async Task Ends_everything_when_work_in_the_background_fails_and_says_why()
    {
        _manager.AddController("widgets", new ScriptedReconciler(() => Next.Settled), new ControllerOptions());
        _manager.AddBackground(_ => throw new InvalidOperationException("as scripted"));

        var error = await Should.ThrowAsync<InvalidOperationException>(() => _manager.RunAsync(_stop.Token).WaitAsync(TimeSpan.FromSeconds(60)));

        error.Message.ShouldBe("as scripted");
    }

    [Fact]
    public async Task Asks_a_server_that_cannot_stream_states_once_and_not_for_each_kind()
    {
        using var manager = Streaming();
        var running = manager.RunAsync(_stop.Token);

        var first = await _api.NextWatchAsync();
        first.Query("sendInitialEvents").ShouldBe("true");
        _api.HasMore.ShouldBeFalse();
        await first.ReplyAsync(422, Wire.Status(422, "Invalid", "resourceVersionMatch is forbidden for watch"));

        (await ListsAsync(2)).Keys.ShouldBe(["gadgets", "widgets"], ignoreOrder: true);
        await StopAsync(running);
    }

    [Fact]
    public async Task Does_not_take_one_kinds_absence_for_the_servers_inability()
    {
        using var manager = Streaming();
        var running = manager.RunAsync(_stop.Token);
        var absent = await _api.NextWatchAsync();
        await absent.ReplyAsync(404, Wire.Status(404, "NotFound"));

        Exchange[] next = [await _api.NextAsync(), await _api.NextAsync()];

        next.Single(exchange => exchange.IsWatch).ShouldSatisfyAllConditions(
            stream => stream.Query("sendInitialEvents").ShouldBe("true"), stream => stream.Path.ShouldNotBe(absent.Path));
        next.Single(exchange => !exchange.IsWatch).Path.ShouldBe(absent.Path);
        await StopAsync(running);
    }

    [Fact]
    public async Task Streams_all_kinds_side_by_side_as_soon_as_one_was_not_refused()
    {
        using var manager = Streaming();
        var running = manager.RunAsync(_stop.Token);
        var first = await _api.NextWatchAsync();
        await first.OpenAsync();

        var second = await _api.NextWatchAsync();
        second.Query("sendInitialEvents").ShouldBe("true");
        await second.SendAsync(Wire.EndOfState(5));
        await first.SendAsync(Wire.EndOfState(5));

        await Eventually.See("both in sync", () => manager.HasSynced);
        await StopAsync(running);
    }

    private Manager Streaming()
    {
        var manager = new Manager(_api.Client(_clock), Options(streaming: true), _observer, _clock, new Random(1));
        manager.Informer<Widget>(InformerScope.All);
        manager.Informer<Gadget>(InformerScope.All);
        return manager;
    }

    private static ManagerOptions Options(bool streaming) => new() { Reflector = new ReflectorOptions { StreamingList = streaming } };

    private async Task<Dictionary<string, Exchange>> ListsAsync(int count)
    {
        var lists = new Dictionary<string, Exchange>();
        for (var i = 0; i < count; i++)
        {
            var list = await _api.NextListAsync();
            lists.Add(list.Path.Split('/')[^1], list);
        }

        return lists;
    }

    private async Task StopAsync(Task running)
    {
        await _stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(60));
    }
}
