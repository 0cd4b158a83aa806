using System.Collections.Concurrent;
using Slipway.Crds.Meta;
using Slipway.Kubernetes.Faults;

namespace Slipway.Runtime.Tests.Storm;

/// <summary>Counts what went wrong as intended, and objects to what must not happen in any weather.</summary>
internal sealed class StormObserver(Verdict verdict) : RuntimeObserver
{
    private const int LongestMemory = 200;
    private readonly ConcurrentDictionary<string, int> _counts = new();
    private readonly ConcurrentQueue<string> _lines = new();

    /// <summary>How often each kind of trouble was met.</summary>
    public IReadOnlyDictionary<string, int> Counts => _counts;

    /// <summary>What happened last.</summary>
    public string Log => string.Join('\n', _lines);

    public override void Listed(string kind, int count, string resourceVersion, string reason) =>
        Note("listed", $"{kind}: {count} at {resourceVersion}, {reason}");

    public override void ListFailed(string kind, Exception error, TimeSpan retryIn) => Note($"list {Word(error)}", $"{kind}: {error.Message}");

    public override void WatchFailed(string kind, Exception error, TimeSpan retryIn) => Note($"watch {Word(error)}", $"{kind}: {error.Message}");

    public override void ReconcileFailed(string controller, NamespacedName key, Exception error, int failures, TimeSpan retryIn) =>
        Note($"reconcile {Word(error)}", $"{key}, {failures}: {error.Message}");

    public override void DrainTimedOut(string controller, int running) => verdict.Violated($"{running} reconciles did not drain");

    public override void ObjectSkipped(string kind, NamespacedName? key, string message) => verdict.Violated($"skipped {kind} {key}: {message}");

    public override void HandlerFailed(string kind, NamespacedName key, Exception error) =>
        verdict.Violated($"a handler failed on {kind} {key}: {error}");

    private static string Word(Exception error) => error switch
    {
        ApiException { IsGone: true } => "gone",
        ApiException { IsThrottled: true } => "throttled",
        ApiException { Reason: ApiException.NoAnswer } => "silent",
        ApiException { Reason: ApiException.Unreachable } => "broken",
        ApiException { IsConflict: true } or ResourceVersionConflictException => "conflict",
        _ => "failed",
    };

    private void Note(string what, string line)
    {
        _counts.AddOrUpdate(what, 1, (_, count) => count + 1);
        _lines.Enqueue($"{what}: {line}");
        if (_lines.Count > LongestMemory)
        {
            _lines.TryDequeue(out _);
        }
    }
}
