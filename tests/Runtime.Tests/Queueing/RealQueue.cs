using Slipway.Runtime.Queueing;
using Slipway.Testing;

namespace Slipway.Runtime.Tests.Queueing;

/// <summary>The queue that ships.</summary>
internal sealed class RealQueue : IQueueUnderTest
{
    private readonly FakeClock _clock = new();
    private readonly WorkQueue<int> _queue;

    public RealQueue(string name = "model") => _queue = new WorkQueue<int>(name, _clock);

    public int Depth => _queue.Depth;

    public int InProcess => _queue.InProcess;

    public void Add(int key, QueuePriority priority) => _queue.Add(key, priority);

    public void AddAfter(int key, TimeSpan delay, QueuePriority priority) => _queue.AddAfter(key, delay, priority);

    public void Retry(int key, TimeSpan delay, QueuePriority priority) => _queue.Retry(key, delay, priority);

    public TakenKey<int>? TryTake()
    {
        using var atOnce = new CancellationTokenSource();
        var take = _queue.TakeAsync(atOnce.Token).AsTask();
        if (take.IsCompletedSuccessfully)
        {
            return take.Result;
        }

        atOnce.Cancel();
        return null;
    }

    public void Done(int key) => _queue.Done(key);

    public void Shutdown() => _queue.Shutdown();

    public void Advance(TimeSpan by) => _clock.Advance(by);

    public void Dispose() => _queue.Dispose();
}
