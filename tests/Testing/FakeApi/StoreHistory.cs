namespace Slipway.Testing.FakeApi;

/// <summary>What happened, oldest first, as far as it is remembered. Not thread-safe.</summary>
internal sealed class StoreHistory
{
    private readonly List<StoredEvent> _events = [];

    /// <summary>The version before which nothing is remembered.</summary>
    public long Compacted { get; private set; }

    public void Add(StoredEvent entry) => _events.Add(entry);

    /// <summary>Forgets everything up to a version.</summary>
    public void Forget(long version)
    {
        Compacted = version;
        _events.Clear();
    }

    /// <exception cref="FakeRefusal">That long ago is forgotten.</exception>
    public IReadOnlyList<StoredEvent> Since(long version)
    {
        if (version < Compacted)
        {
            throw FakeRefusal.Gone(version, Compacted);
        }

        return _events.GetRange(CountUntil(version), _events.Count - CountUntil(version));
    }

    /// <summary>The history as it was at an earlier version.</summary>
    public StoreHistory Until(long version)
    {
        var earlier = new StoreHistory { Compacted = Compacted };
        earlier._events.AddRange(_events.Take(CountUntil(version)));
        return earlier;
    }

    private int CountUntil(long version) => _events.FindLastIndex(entry => entry.Version <= version) + 1;
}
