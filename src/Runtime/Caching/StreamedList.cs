using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Watching;

namespace Slipway.Runtime.Caching;

/// <summary>
/// The state of a kind as a watch streams it at its beginning, kept beside the store until the server says that it is
/// complete. For one stream, and not thread-safe.
/// </summary>
/// <param name="patience">How long after the beginning, or the last object of the state, the end must be marked.</param>
internal sealed class StreamedList<T>(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken) : IDisposable
    where T : class, IResource<T>
{
    private readonly List<UndecodableObject> _nameless = [];
    private readonly CancellationTokenSource _overdue = new(Timeout.InfiniteTimeSpan, time);
    private Dictionary<NamespacedName, T> _items = [];
    private Dictionary<NamespacedName, UndecodableObject> _unreadable = [];
    private CancellationTokenSource? _either;

    /// <summary>Cancelled with the caller's token, and when the end is overdue.</summary>
    public CancellationToken Token => (_either ??= CancellationTokenSource.CreateLinkedTokenSource(_overdue.Token, cancellationToken)).Token;

    public bool IsComplete { get; private set; }

    /// <summary>The server streams, but the end was not marked in time: it does not know of initial states.</summary>
    public bool IsOverdue => _overdue.IsCancellationRequested;

    /// <summary>The server has begun, or sent some of the state: it may be silent for a while, but not for too long.</summary>
    public void GiveTime() => _overdue.CancelAfter(patience);

    /// <summary>Takes in an event, and returns the whole state if this was the mark of its end.</summary>
    public ResourceList<T>? Take(WatchEvent<T> happened)
    {
        switch (happened)
        {
            case { Type: WatchEventType.Bookmark, InitialEventsEnd: true, ResourceVersion.Length: > 0 }:
                return Complete(happened.ResourceVersion);
            case { Type: WatchEventType.Deleted, Object: { } last }:
                Forget(NamespacedName.Of(last));
                break;
            case { Object: { } item }:
                var key = NamespacedName.Of(item);
                _items[key] = item;
                _unreadable.Remove(key);
                GiveTimeFor(happened.Type);
                break;
        }

        return null;
    }

    /// <summary>Takes in that an object which cannot be read exists, or that it is gone.</summary>
    public void Take(UndecodableObject skipped)
    {
        if (skipped.Key is not { } key)
        {
            _nameless.Add(skipped);
        }
        else if (skipped.Event == WatchEventType.Deleted)
        {
            Forget(key);
        }
        else
        {
            _unreadable[key] = skipped;
            GiveTimeFor(skipped.Event);
        }
    }

    public void Dispose()
    {
        _either?.Dispose();
        _overdue.Dispose();
    }

    /// <summary>The stream goes on for long: what it began with is handed out and not kept.</summary>
    private ResourceList<T> Complete(string version)
    {
        IsComplete = true;
        _overdue.CancelAfter(Timeout.InfiniteTimeSpan);
        var state = new ResourceList<T>([.. _items.Values], version, null, [.. _unreadable.Values, .. _nameless]);
        (_items, _unreadable) = ([], []);
        _nameless.Clear();
        return state;
    }

    /// <summary>The state comes as Added. The other events are live, and never cease where much happens.</summary>
    private void GiveTimeFor(WatchEventType? type)
    {
        if (type == WatchEventType.Added)
        {
            GiveTime();
        }
    }

    private void Forget(NamespacedName key)
    {
        _items.Remove(key);
        _unreadable.Remove(key);
    }
}
