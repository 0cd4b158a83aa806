using System.Collections.Concurrent;

namespace Slipway.Runtime.Queueing;

/// <summary>Counts each key's failures in a row. A key that succeeded takes no memory.</summary>
public sealed class KeyBackoff<TKey>(ExponentialBackoff backoff)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, int> _failures = new();

    /// <summary>How many keys are failing now.</summary>
    public int Count => _failures.Count;

    /// <summary>Records one more failure and returns how long the key has to wait for it.</summary>
    public TimeSpan Fail(TKey key) => backoff.After(_failures.AddOrUpdate(key, 1, static (_, count) => count == int.MaxValue ? count : count + 1));

    /// <summary>The key succeeded: its next failure waits the shortest time again.</summary>
    public void Forget(TKey key) => _failures.TryRemove(key, out _);

    public int Failures(TKey key) => _failures.GetValueOrDefault(key);
}
