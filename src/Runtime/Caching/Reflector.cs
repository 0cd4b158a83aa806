using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Faults;
using Slipway.Runtime.Metrics;

namespace Slipway.Runtime.Caching;

/// <summary>
/// Keeps a store equal to the API server: takes in the whole state once, then watches, resuming without a gap after
/// anything that can happen to a watch, and takes the state in again only when the server has forgotten the version to
/// resume from. The state comes as the beginning of the watch where the server can do that, otherwise as a list.
/// </summary>
internal sealed class Reflector<T>(
    KubeClient client,
    InformerScope scope,
    ReflectorOptions options,
    StreamingSupport streaming,
    StoreFeed<T> feed,
    RuntimeObserver observer,
    TimeProvider time,
    Random random)
    where T : class, IResource<T>
{
    private readonly ReflectorBackoff _backoff = new(options, time, random);
    private readonly ListReader<T> _lists = new(client, scope, options);
    private readonly WatchFollower<T> _watch = new(client, scope, options, feed, observer, time, random);
    private string _reason = "initial";
    private bool _listsOnly = !options.StreamingList;

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
                    ReflectorState.Empty => await TakeInAsync("0", cancellationToken),
                    ReflectorState.Expired => await TakeInAsync(null, cancellationToken),
                    ReflectorState.Watching => await WatchAsync(cancellationToken),
                };
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    /// <param name="version">For a list; a stream begins with the latest state.</param>
    private async Task<ReflectorState> TakeInAsync(string? version, CancellationToken cancellationToken)
    {
        var attempt = _listsOnly ? null : await streaming.BeginAsync(cancellationToken);
        return attempt is null
            ? await ListAsync(version, cancellationToken)
            : await StreamAsync(attempt, version, cancellationToken);
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
            return await TakeInLaterAsync(error, cancellationToken);
        }
    }

    /// <summary>Takes the state in and goes on watching, in one stream.</summary>
    private async Task<ReflectorState> StreamAsync(StreamingSupport.Attempt attempt, string? version, CancellationToken cancellationToken)
    {
        try
        {
            await attempt.RunAsync(() => _watch.FollowFromStartAsync(attempt.Opened, state => Accept(state, attempt), cancellationToken));
            return ReflectorState.Watching;
        }
        catch (Exception error) when (State == ReflectorState.Watching && !cancellationToken.IsCancellationRequested)
        {
            return await ResumeLaterAsync(error, cancellationToken);
        }
        catch (Exception error) when (StreamingSupport.IsRefusal(error))
        {
            _listsOnly = true;
            observer.StreamingRefused(Kind, error);
            return State;
        }
        catch (ApiException error) when (error.IsForbidden || error.IsNotFound)
        {
            // Says nothing of streams: who may not watch may still list, and of an absent kind a list's error is the known one.
            return await ListAsync(version, cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return await TakeInLaterAsync(error, cancellationToken);
        }
    }

    private async Task<ReflectorState> WatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _watch.FollowAsync(cancellationToken);
            return ReflectorState.Watching;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return await ResumeLaterAsync(error, cancellationToken);
        }
    }

    private async Task<ReflectorState> TakeInLaterAsync(Exception error, CancellationToken cancellationToken)
    {
        var delay = _backoff.Next((error as ApiException)?.RetryAfter);
        observer.ListFailed(Kind, error, delay);
        await Task.Delay(delay, time, cancellationToken);
        return IsExpired(error) ? ReflectorState.Expired : State;
    }

    private async Task<ReflectorState> ResumeLaterAsync(Exception error, CancellationToken cancellationToken)
    {
        RuntimeMeter.WatchFailures.Add(1, new KeyValuePair<string, object?>("kind", Kind));
        var delay = _backoff.Next((error as ApiException)?.RetryAfter);
        observer.WatchFailed(Kind, error, delay);
        await Task.Delay(delay, time, cancellationToken);
        if (!IsExpired(error))
        {
            return ReflectorState.Watching;
        }

        _reason = error.Message;
        return ReflectorState.Expired;
    }

    private void Accept(ResourceList<T> state, StreamingSupport.Attempt attempt)
    {
        attempt.Succeeded();
        Accept(state);
        // The stream goes on for minutes, and it is a watch now.
        State = ReflectorState.Watching;
    }

    private void Accept(ResourceList<T> state)
    {
        foreach (var skipped in state.Skipped)
        {
            observer.ObjectSkipped(Kind, skipped.Key, skipped.Message);
        }

        var unreadable = state.Skipped.Where(skipped => skipped.Key is not null).Select(skipped => skipped.Key!.Value).ToHashSet();
        var rewound = ResourceVersions.IsLater(_watch.Version, state.ResourceVersion);
        feed.Publish(store => store.Replace(state.Items, state.ResourceVersion, unreadable, rewound));
        feed.MarkSynced();
        _watch.StartAt(state.ResourceVersion);
        RuntimeMeter.Relists.Add(1, new KeyValuePair<string, object?>("kind", Kind));
        observer.Listed(Kind, state.Items.Count, state.ResourceVersion, _reason);
    }

    /// <summary>The server has forgotten our version, or (one that lags behind the others) does not know it yet.</summary>
    private static bool IsExpired(Exception error) => error is ApiException { IsGone: true } or ApiException { IsResourceVersionTooLarge: true };
}
