using System.Collections.Concurrent;
using Slipway.Crds.Meta;

namespace Slipway.Runtime.Tests;

/// <summary>Remembers what it was told, and lets a test wait for it.</summary>
internal sealed class RecordingObserver : RuntimeObserver
{
    private readonly ConcurrentQueue<string> _lines = new();

    public ConcurrentQueue<(NamespacedName Key, Exception Error, int Failures, TimeSpan RetryIn)> Failures { get; } = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    public override void ReconcileFailed(string controller, NamespacedName key, Exception error, int failures, TimeSpan retryIn)
    {
        Failures.Enqueue((key, error, failures, retryIn));
        _lines.Enqueue($"failed {controller} {key} {failures}");
    }

    public override void DrainTimedOut(string controller, int running) => _lines.Enqueue($"drain {controller} {running}");

    public override void Listed(string kind, int count, string resourceVersion, string reason) =>
        _lines.Enqueue($"listed {kind} {count} {resourceVersion}");

    public override void ListFailed(string kind, Exception error, TimeSpan retryIn) => _lines.Enqueue($"list failed {kind}: {error.Message}");

    public override void StreamingRefused(string kind, Exception error) => _lines.Enqueue($"streaming refused {kind}");

    public override void WatchFailed(string kind, Exception error, TimeSpan retryIn) => _lines.Enqueue($"watch failed {kind}: {error.Message}");

    public override void ObjectSkipped(string kind, NamespacedName? key, string message) => _lines.Enqueue($"skipped {kind} {key}");

    public override void HandlerFailed(string kind, NamespacedName key, Exception error) => _lines.Enqueue($"handler failed {kind} {key}");

    public override void LeaderSeen(string lease, string holder, DateTimeOffset? since) => _lines.Enqueue($"leader of {lease}: {holder}");

    public override void LeadershipAcquired(string lease, string identity) => _lines.Enqueue($"leads {lease}");

    public override void LeadershipLost(string lease, string reason) => _lines.Enqueue($"lost {lease}: {reason}");

    public override void LeaseFailed(string lease, Exception error) => _lines.Enqueue($"lease failed {lease}: {error.Message}");

    public override void EventDropped(string kind, NamespacedName about, string reason, string cause) =>
        _lines.Enqueue($"dropped {kind} {about} {reason}: {cause}");
}
