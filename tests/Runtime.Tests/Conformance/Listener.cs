using System.Collections.Concurrent;
using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Runtime.Caching;
using Slipway.Testing;

namespace Slipway.Runtime.Tests.Conformance;

/// <summary>An informer that can be stopped and started again, and what its handlers heard.</summary>
internal sealed class Listener<T> : IAsyncDisposable
    where T : class, IResource<T>
{
    private readonly ConcurrentQueue<StoreChange<T>> _changes = new();
    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public Listener(KubeClient client, InformerScope scope, int pageSize = 500, Func<StoreChange<T>, bool>? predicate = null)
    {
        // Nobody need wait long for a server that ignores what it was asked for; one that is merely slow is listed, and that is right, too.
        var options = new ReflectorOptions { PageSize = pageSize, InitialEventsTimeout = TimeSpan.FromSeconds(1) };
        Informer = new Informer<T>(client, scope, options, Observer, TimeProvider.System, new Random(1));
        Informer.OnChange(change =>
        {
            if (predicate?.Invoke(change) ?? true)
            {
                _changes.Enqueue(change);
            }
        });
    }

    public Informer<T> Informer { get; }

    public RecordingObserver Observer { get; } = new();

    public IReadOnlyList<StoreChange<T>> Changes => [.. _changes];

    public IEnumerable<string?> Cached => Informer.Store.List().Select(item => item.Metadata.Name).Order();

    public async Task StartAsync()
    {
        _stop.Dispose();
        _stop = new CancellationTokenSource();
        _running = Informer.RunAsync(_stop.Token);
        await Informer.WaitForSyncAsync(CancellationToken.None).WaitAsync(Eventually.Patience);
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(Eventually.Patience);
    }

    /// <summary>Waits until that was heard, in this order, and nothing else.</summary>
    public async Task HearsAsync(params string[] expected)
    {
        await Eventually.See("the changes", () => Task.FromResult(Heard()), heard => heard.Count >= expected.Length);
        Heard().ShouldBe(expected);
    }

    /// <summary>As <see cref="HearsAsync"/>, in any order: a list has none.</summary>
    public async Task HearsInAnyOrderAsync(params string[] expected)
    {
        await Eventually.See("the changes", () => Task.FromResult(Heard()), heard => heard.Count >= expected.Length);
        Heard().ShouldBe(expected, ignoreOrder: true);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private List<string> Heard() => [.. Changes.Select(Describe)];

    private static string Describe(StoreChange<T> change)
    {
        var what = change switch
        {
            { Old: null, Initial: true } => "was there",
            { Old: null } => "begins",
            { New: null } => "ends",
            _ => "changes",
        };
        return $"{change.Latest.Metadata.Name} {what}";
    }
}
