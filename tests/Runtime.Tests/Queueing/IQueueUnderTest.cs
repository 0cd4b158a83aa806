using Slipway.Runtime.Queueing;

namespace Slipway.Runtime.Tests.Queueing;

/// <summary>A queue with its clock, as one thread sees it: the real one, or one that is broken on purpose.</summary>
internal interface IQueueUnderTest : IDisposable
{
    int Depth { get; }

    int InProcess { get; }

    void Add(int key, QueuePriority priority);

    void AddAfter(int key, TimeSpan delay, QueuePriority priority);

    void Retry(int key, TimeSpan delay, QueuePriority priority);

    /// <summary>The next key, or null when there is none.</summary>
    TakenKey<int>? TryTake();

    void Done(int key);

    void Shutdown();

    void Advance(TimeSpan by);
}
