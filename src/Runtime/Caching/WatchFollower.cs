using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Watching;

namespace Slipway.Runtime.Caching;

/// <summary>Puts what watches tell into the store, and remembers up to where they have told it.</summary>
internal sealed class WatchFollower<T>(
    KubeClient client,
    InformerScope scope,
    ReflectorOptions options,
    StoreFeed<T> feed,
    RuntimeObserver observer,
    TimeProvider time,
    Random random)
    where T : class, IResource<T>
{
    /// <summary>Up to where everything is known; a watch goes on from there.</summary>
    public string? Version { get; private set; }

    /// <summary>Everything up to this version was taken in by other means.</summary>
    public void StartAt(string version) => Version = version;

    /// <summary>Follows from <see cref="Version"/> on until the server ends the watch.</summary>
    /// <exception cref="IOException">It ended at once, without an event.</exception>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var events = 0;
        await foreach (var happened in client.WatchAsync<T>(Terms() with { ResourceVersion = Version, OnUndecodable = Skip }, cancellationToken))
        {
            Apply(happened);
            events++;
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (events == 0 && time.GetElapsedTime(started) < options.ShortestWatch)
        {
            throw new IOException("The watch ended at once and without an event.");
        }
    }

    /// <summary>
    /// Has the server begin with its whole state, and follows on in the same stream. Until the state is complete nothing of
    /// it counts: its events are not in the order of their versions, so that a broken stream leaves nothing to resume from.
    /// </summary>
    /// <param name="opened">Called when the server did not refuse.</param>
    /// <param name="complete">Takes the state.</param>
    /// <exception cref="TimeoutException">The server streams, but does not say when the state is complete.</exception>
    /// <exception cref="IOException">The stream ended before the state was complete.</exception>
    public async Task FollowFromStartAsync(Action opened, Action<ResourceList<T>> complete, CancellationToken cancellationToken)
    {
        using var initial = new StreamedList<T>(options.InitialEventsTimeout, time, cancellationToken);
        var terms = Terms() with
        {
            SendInitialEvents = true,
            OnOpened = opened + initial.GiveTime,
            OnUndecodable = skipped => (initial.IsComplete ? Skip : (Action<UndecodableObject>)initial.Take)(skipped),
        };
        var started = time.GetTimestamp();
        try
        {
            await foreach (var happened in client.WatchAsync<T>(terms, initial.Token))
            {
                Take(happened, initial, complete);
            }
        }
        catch (OperationCanceledException) when (initial.IsOverdue)
        {
            throw Unmarked();
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (!initial.IsComplete)
        {
            throw time.GetElapsedTime(started) < terms.Timeout ? new IOException("The stream ended before the state was complete.") : Unmarked();
        }
    }

    private void Take(WatchEvent<T> happened, StreamedList<T> initial, Action<ResourceList<T>> complete)
    {
        if (initial.IsComplete)
        {
            Apply(happened);
        }
        else if (initial.Take(happened) is { } state)
        {
            complete(state);
        }
    }

    private void Apply(WatchEvent<T> happened)
    {
        switch (happened)
        {
            case { Type: WatchEventType.Added or WatchEventType.Modified, Object: { } item }:
                feed.Publish(store => store.Set(item));
                break;
            case { Type: WatchEventType.Deleted, Object: { } last }:
                feed.Publish(store => store.Remove(last));
                break;
            default:
                feed.Store.Advance(happened.ResourceVersion);
                break;
        }

        Advance(happened.ResourceVersion);
    }

    private void Skip(UndecodableObject skipped)
    {
        observer.ObjectSkipped(T.Type.FullName, skipped.Key, skipped.Message);
        if (skipped is { Event: WatchEventType.Deleted, Key: { } key })
        {
            feed.Publish(store => store.Remove(key, skipped.ResourceVersion));
        }

        Advance(skipped.ResourceVersion);
    }

    private void Advance(string version)
    {
        if (version.Length > 0)
        {
            Version = version;
        }
    }

    private WatchOptions Terms()
    {
        var timeout = TimeSpan.FromSeconds(Math.Ceiling(options.MinWatchTimeout.TotalSeconds * (1 + random.NextDouble())));
        return new WatchOptions
        {
            Namespace = scope.Namespace,
            LabelSelector = scope.LabelSelector,
            FieldSelector = scope.FieldSelector,
            AllowBookmarks = true,
            Timeout = timeout,
            IdleTimeout = timeout + options.IdleGrace,
        };
    }

    private TimeoutException Unmarked() =>
        new($"The server streams but did not say within {options.InitialEventsTimeout} that the state is complete: it does not know of initial events.");
}
