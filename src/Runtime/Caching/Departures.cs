using Slipway.Crds.Meta;
using Slipway.Kubernetes;

namespace Slipway.Runtime.Caching;

/// <summary>
/// The objects that left a store ahead of the watch, by requests of our own. What the watch, or a list that was under way, still
/// reports from before their departure is hidden. By UID, so that a namesake is not mistaken for the departed. Not thread-safe.
/// </summary>
internal sealed class Departures
{
    /// <summary>
    /// A UID never comes back, so that an end need not be forgotten; but only those are of use of which the watch has not told yet.
    /// </summary>
    private const int MostEnded = 1_000;

    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);
    private readonly Queue<string> _endedInOrder = new();
    private readonly Dictionary<string, string> _left = new(StringComparer.Ordinal);

    /// <summary>How many are remembered.</summary>
    public int Count => _ended.Count + _left.Count;

    /// <summary>The object has ended, and nothing brings it back.</summary>
    public void AddEnd(string uid)
    {
        if (_ended.Add(uid))
        {
            _endedInOrder.Enqueue(uid);
        }

        if (_ended.Count > MostEnded)
        {
            _ended.Remove(_endedInOrder.Dequeue());
        }
    }

    /// <summary>The object left what is cached with this version, and may come back with a later one.</summary>
    public void AddLeave(string uid, string version) => _left[uid] = version;

    /// <summary>Whether this is news from before the departure of its object.</summary>
    public bool Hides(ObjectMeta news) =>
        Count > 0
        && news.Uid is { } uid
        && (_ended.Contains(uid) || (_left.TryGetValue(uid, out var version) && !ResourceVersions.IsLater(news.ResourceVersion, version)));

    /// <summary>Everything up to this version is known: older news cannot come any more.</summary>
    public void Passed(string version)
    {
        if (_left.Count == 0)
        {
            return;
        }

        foreach (var (uid, _) in _left.Where(left => !ResourceVersions.IsLater(left.Value, version)).ToList())
        {
            _left.Remove(uid);
        }
    }

    /// <summary>The server went back in time, and nothing that was known of it holds.</summary>
    public void Clear()
    {
        _ended.Clear();
        _endedInOrder.Clear();
        _left.Clear();
    }
}
