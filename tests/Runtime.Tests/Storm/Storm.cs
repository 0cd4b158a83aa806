using Shouldly;
using Slipway.Kubernetes;
using Slipway.Runtime.Caching;
using Slipway.Testing;
using Slipway.Testing.FakeApi;

namespace Slipway.Runtime.Tests.Storm;

/// <summary>A manager with two caches and a controller, at sea: users change things while everything goes wrong.</summary>
internal sealed class Storm : IAsyncDisposable
{
    private const int StepsBetweenCalms = 300;
    private const int StepsBetweenSilences = 900;
    private const int ActsUnseen = 5;
    private const int MostWatches = 2;
    private const int MostTimers = 100;

    private readonly Random _random;
    private readonly Verdict _verdict = new();
    private readonly CountedTime _time = new();
    private readonly FakeApiServer _api;
    private readonly KubeClient _client;
    private readonly Manager _manager;
    private readonly StormObserver _observer;
    private readonly StormReconciler _reconciler;
    private readonly StormUsers _users;
    private readonly StormFaults _faults;
    private readonly StormCensus _census;
    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    private Storm(int seed, FakeApiServer api)
    {
        (_random, _api) = (new Random(seed), api);
        _api.RecordsRequests = false;
        _observer = new StormObserver(_verdict);
        _client = api.NewClient(new KubeClientOptions { Time = _time, Timeout = TimeSpan.FromSeconds(2), Random = new Random(seed) });
        _manager = new Manager(_client, new ManagerOptions { Reflector = Impatient }, _observer, _time, new Random(seed));
        var (widgets, gadgets) = (_manager.Informer<Widget>(InformerScope.All), _manager.Informer<Gadget>(InformerScope.All));
        _reconciler = new StormReconciler(_client, widgets, gadgets, api.Store, _verdict, _time, seed);
        _manager.AddController("storm", _reconciler, Quick).For(widgets).Owns<Widget, Gadget>(gadgets);
        _users = new StormUsers(api.Store, _random);
        _faults = new StormFaults(api, _random, streams: seed % 2 == 1);
        _census = new StormCensus(api.Store, widgets, gadgets, _reconciler, _verdict);
    }

    private static ReflectorOptions Impatient { get; } = new()
    {
        PageSize = 7,
        MinWatchTimeout = TimeSpan.FromSeconds(1),
        IdleGrace = TimeSpan.FromMilliseconds(200),
        MinBackoff = TimeSpan.FromMilliseconds(1),
        MaxBackoff = TimeSpan.FromMilliseconds(20),
        InitialEventsTimeout = TimeSpan.FromMilliseconds(500),
    };

    private static ControllerOptions Quick { get; } = new()
    {
        MaxConcurrentReconciles = 4,
        MinBackoff = TimeSpan.FromMilliseconds(1),
        MaxBackoff = TimeSpan.FromMilliseconds(20),
        ResyncPeriod = TimeSpan.FromMilliseconds(500),
    };

    public static async Task<Storm> BrewAsync(int seed) => new(seed, await FakeApiServer.StartAsync());

    /// <summary>What to know when it failed.</summary>
    public string Log => $"{string.Join(", ", _observer.Counts.Select(pair => $"{pair.Value} {pair.Key}"))}\n{_observer.Log}";

    public async Task RageAsync(int steps)
    {
        _users.CreateAll();
        // The first list shows half of it.
        _api.Store.FreezeReplica(lag: StormUsers.Names / 2);
        Start();
        for (var step = 1; step <= steps; step++)
        {
            await StepAsync();
            if (step % StepsBetweenCalms == 0)
            {
                await CalmAsync();
            }

            if (step % StepsBetweenSilences == 0)
            {
                await SilenceAsync();
            }

            if (step == steps / 2)
            {
                await StopAsync();
                Start();
            }
        }

        await CalmAsync();
        await StopAsync();
        ShouldHaveBeenOne();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _manager.Dispose();
        _client.Dispose();
        await _api.DisposeAsync();
    }

    private async Task StepAsync()
    {
        if (_random.Next(7) == 0)
        {
            _faults.Disturb();
        }
        else
        {
            _users.Act();
        }

        // Users are no faster than this; without it the storm were over before anybody noticed.
        await Task.Delay(_random.Next(4));
    }

    /// <summary>With the faults over, everything must come to where the server is.</summary>
    private async Task CalmAsync()
    {
        // What happens last happens while nobody watches: what gets lost then stays lost.
        _api.Faults.CutWatches();
        for (var act = 0; act < ActsUnseen; act++)
        {
            _users.Act();
        }

        _faults.End();
        await Eventually.See("nothing differs from the server's state", () => Differences().Count == 0, () => string.Join('\n', Differences()));
        _verdict.ShouldBeClean();
    }

    /// <summary>Left to chance it would mostly hit watches that are about to be cut anyway.</summary>
    private async Task SilenceAsync()
    {
        await Eventually.See("both watches are open", () => _api.OpenWatches == MostWatches);
        _api.Faults.SilenceWatches();
    }

    private IReadOnlyList<string> Differences()
    {
        _users.CollectGarbage();
        List<string> differences = [.. _census.Differences()];
        if (_api.OpenWatches > MostWatches || _time.Timers > MostTimers)
        {
            differences.Add($"{_api.OpenWatches} watches and {_time.Timers} timers are open");
        }

        if (_running.IsCompleted)
        {
            differences.Add($"the manager ended: {_running.Exception}");
        }

        return differences;
    }

    private void Start()
    {
        _stop.Dispose();
        _stop = new CancellationTokenSource();
        _running = _manager.RunAsync(_stop.Token);
    }

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(Eventually.Patience);
        await Eventually.See(
            "no watch is left, and no timer but the queue's", () => _api.OpenWatches == 0 && _time.Timers == 1,
            () => $"{_api.OpenWatches} watches and {_time.Timers} timers are open");
        _verdict.ShouldBeClean();
    }

    /// <summary>A storm in which nothing happened shows nothing.</summary>
    private void ShouldHaveBeenOne()
    {
        foreach (var trouble in (string[])["watch gone", "watch broken", "watch silent", "reconcile broken", "reconcile failed"])
        {
            _observer.Counts.Keys.ShouldContain(trouble);
        }
    }
}
