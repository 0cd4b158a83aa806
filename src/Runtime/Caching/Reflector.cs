using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Watching;
using Slipway.Runtime.Metrics;

namespace Slipway.Runtime.Caching;

/// <summary>
/// Keeps a store equal to the API server: lists once, then watches, resuming without a gap after anything that can
/// happen to a watch, and lists again only when the server has forgotten the version to resume from.
/// </summary>
internal sealed class Reflector<T>(
    KubeClient client,
    InformerScope scope,
    ReflectorOptions options,
    StoreFeed<T> feed,
    RuntimeObserver observer,
    TimeProvider time,
    Random random)
    where T : class, IResource<T>
{
    private readonly ReflectorBackoff _backoff = new(options, time, random);
    private readonly ListReader<T> _lists = new(client, scope, options);
    private string? _version;
    private string _listReason = "initial";

    public ReflectorState State { get; private set; } = ReflectorState.Empty;

    private static string Kind => T.Type.FullName;

    /// <summary>Runs until cancelled; nothing else ends it. Can be run again, and then goes on where it was.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                State = State switch
                {
                    ReflectorState.Empty => await ListAsync("0", cancellationToken),
                    ReflectorState.Expired => await ListAsync(null, cancellationToken),
                    ReflectorState.Watching => await WatchAsync(cancellationToken),
                };
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    private async Task<ReflectorState> ListAsync(string? version, CancellationToken cancellationToken)
    {
        try
        {
            Accept(await _lists.ReadAsync(version, cancellationToken));
            return ReflectorState.Watching;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            var delay = _backoff.Next((error as ApiException)?.RetryAfter);
            observer.ListFailed(Kind, error, delay);
            await Task.Delay(delay, time, cancellationToken);
            return IsExpired(error) ? ReflectorState.Expired : State;
        }
    }

    private async Task<ReflectorState> WatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FollowAsync(cancellationToken);
            return ReflectorState.Watching;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            RuntimeMeter.WatchFailures.Add(1, new KeyValuePair<string, object?>("kind", Kind));
            var delay = _backoff.Next((error as ApiException)?.RetryAfter);
            observer.WatchFailed(Kind, error, delay);
            await Task.Delay(delay, time, cancellationToken);
            if (!IsExpired(error))
            {
                return ReflectorState.Watching;
            }

            _listReason = error.Message;
            return ReflectorState.Expired;
        }
    }

    private void Accept(ResourceList<T> list)
    {
        foreach (var skipped in list.Skipped)
        {
            observer.ObjectSkipped(Kind, skipped.Key, skipped.Message);
        }

        var unreadable = list.Skipped.Where(skipped => skipped.Key is not null).Select(skipped => skipped.Key!.Value).ToHashSet();
        var rewound = ResourceVersions.IsLater(_version, list.ResourceVersion);
        feed.Publish(store => store.Replace(list.Items, list.ResourceVersion, unreadable, rewound));
        feed.MarkSynced();
        _version = list.ResourceVersion;
        RuntimeMeter.Relists.Add(1, new KeyValuePair<string, object?>("kind", Kind));
        observer.Listed(Kind, list.Items.Count, list.ResourceVersion, _listReason);
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var events = 0;
        await foreach (var happened in client.WatchAsync<T>(WatchFrom(_version), cancellationToken))
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
        observer.ObjectSkipped(Kind, skipped.Key, skipped.Message);
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
            _version = version;
        }
    }

    private WatchOptions WatchFrom(string? version)
    {
        var timeout = TimeSpan.FromSeconds(Math.Ceiling(options.MinWatchTimeout.TotalSeconds * (1 + random.NextDouble())));
        return new WatchOptions
        {
            Namespace = scope.Namespace,
            LabelSelector = scope.LabelSelector,
            FieldSelector = scope.FieldSelector,
            ResourceVersion = version,
            AllowBookmarks = true,
            Timeout = timeout,
            IdleTimeout = timeout + options.IdleGrace,
            OnUndecodable = Skip,
        };
    }

    /// <summary>The server has forgotten our version, or (one that lags behind the others) does not know it yet.</summary>
    private static bool IsExpired(Exception error) => error is ApiException { IsGone: true } or ApiException { IsResourceVersionTooLarge: true };
}
