using System.Collections.Concurrent;
using Shouldly;

namespace Slipway.Runtime.Tests.Storm;

/// <summary>Collects exceptions of ours that tasks threw and nobody ever looked at.</summary>
internal sealed class UnobservedFaults : IDisposable
{
    private readonly ConcurrentQueue<string> _faults = new();

    public UnobservedFaults() => TaskScheduler.UnobservedTaskException += Note;

    public void ShouldBeNone()
    {
        // Found out when the garbage collector has the task.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        _faults.ShouldBeEmpty();
    }

    public void Dispose() => TaskScheduler.UnobservedTaskException -= Note;

    private void Note(object? sender, UnobservedTaskExceptionEventArgs args)
    {
        var text = args.Exception.ToString();
        if (text.Contains("Slipway.Runtime.", StringComparison.Ordinal) || text.Contains("Slipway.Kubernetes.", StringComparison.Ordinal))
        {
            _faults.Enqueue(text);
        }
    }
}
