using System.Collections.Concurrent;
using System.Threading.Channels;
using Slipway.Crds.Meta;

namespace Slipway.Runtime.Tests;

/// <summary>Does what the test says, and tells when it was called.</summary>
internal sealed class ScriptedReconciler(Func<NamespacedName, CancellationToken, Task<Next>> act) : IReconciler
{
    private readonly Channel<NamespacedName> _begun = Channel.CreateUnbounded<NamespacedName>();
    private readonly ConcurrentDictionary<NamespacedName, int> _running = new();
    private int _clashes;
    private int _most;

    public ScriptedReconciler(Func<Next> act)
        : this((_, _) => Task.FromResult(act()))
    {
    }

    /// <summary>How often a key was reconciled while it was being reconciled.</summary>
    public int Clashes => Volatile.Read(ref _clashes);

    /// <summary>The most reconciles that ever ran at once.</summary>
    public int MostAtOnce => Volatile.Read(ref _most);

    public int Running => _running.Values.Sum();

    public bool HasMore => _begun.Reader.TryPeek(out _);

    public async Task<Next> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (_running.AddOrUpdate(key, 1, (_, count) => count + 1) > 1)
        {
            Interlocked.Increment(ref _clashes);
        }

        InterlockedMax(Running);
        _begun.Writer.TryWrite(key);
        try
        {
            return await act(key, cancellationToken);
        }
        finally
        {
            _running.AddOrUpdate(key, 0, (_, count) => count - 1);
        }
    }

    /// <summary>The key of the next reconcile, once it has begun.</summary>
    public async Task<NamespacedName> BegunAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await _begun.Reader.ReadAsync(patience.Token);
    }

    private void InterlockedMax(int value)
    {
        var seen = Volatile.Read(ref _most);
        while (value > seen)
        {
            seen = Interlocked.CompareExchange(ref _most, value, seen) is var before && before == seen ? value : before;
        }
    }
}
