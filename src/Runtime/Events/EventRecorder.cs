using System.Threading.Channels;
using Slipway.Crds.Meta;
using Slipway.Kubernetes;

namespace Slipway.Runtime.Events;

/// <summary>
/// Tells people what happened, as Kubernetes events. Recording never waits and never fails: events are written one after
/// the other in the background, one that fails for now is tried again for a while, and what cannot be written is dropped
/// and reported.
/// </summary>
public sealed class EventRecorder
{
    /// <summary>Where events about cluster-scoped objects are: older servers (1.20) take them nowhere else. kubectl describe looks everywhere.</summary>
    public const string ClusterNamespace = "kube-system";

    private readonly Channel<Occurrence> _waiting;
    private readonly EventWriter _writer;
    private readonly EventRecorderOptions _options;
    private readonly RuntimeObserver _observer;
    private readonly TimeProvider _time;

    public EventRecorder(KubeClient client, EventRecorderOptions options, RuntimeObserver observer, TimeProvider time)
    {
        _waiting = Channel.CreateBounded<Occurrence>(new BoundedChannelOptions(options.Capacity) { SingleReader = true });
        _writer = new EventWriter(client, options, time);
        _options = options;
        _observer = observer;
        _time = time;
    }

    /// <summary>Has an event about the object written soon.</summary>
    /// <param name="about">The object; it needs its name and UID, to be found again by kubectl.</param>
    /// <param name="type">Normal, or a warning.</param>
    /// <param name="reason">A PascalCase word: why; at most 128 bytes, the rest is cut off.</param>
    /// <param name="action">A PascalCase word: what the controller did; at most 128 bytes.</param>
    /// <param name="note">A sentence for people; at most 1024 bytes.</param>
    public void Record(IResource about, EventType type, string reason, string action, string note)
    {
        var occurrence = Occurrence.Of(about, type, reason, action, note, _time.GetUtcNow());
        if (!_waiting.Writer.TryWrite(occurrence))
        {
            Drop(occurrence, $"{_options.Capacity} events are waiting to be written already");
        }
    }

    /// <summary>Writes until cancelled, then, for a few seconds, what is still waiting.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var bound = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        await using var stopping = cancellationToken.Register(() => bound.CancelAfter(_options.FlushTimeout));
        try
        {
            await foreach (var occurrence in _waiting.Reader.ReadAllAsync(cancellationToken))
            {
                await WriteAsync(occurrence, bound.Token);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }

        while (_waiting.Reader.TryRead(out var occurrence))
        {
            await WriteAsync(occurrence, bound.Token);
        }
    }

    private async Task WriteAsync(Occurrence occurrence, CancellationToken cancellationToken)
    {
        try
        {
            if (!await _writer.WriteAsync(occurrence, cancellationToken))
            {
                Drop(occurrence, "its object has had too many events");
            }
        }
        catch (OperationCanceledException)
        {
            Drop(occurrence, "the process ended before it was written");
        }
        catch (Exception error)
        {
            Drop(occurrence, error.Message);
        }
    }

    private void Drop(Occurrence occurrence, string cause) =>
        _observer.EventDropped(
            occurrence.About.Kind ?? "",
            new NamespacedName(occurrence.About.Namespace ?? "", occurrence.About.Name ?? ""),
            occurrence.Reason,
            cause);
}
