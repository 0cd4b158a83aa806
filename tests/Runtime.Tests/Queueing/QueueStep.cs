using Shouldly;
using Slipway.Runtime.Queueing;

namespace Slipway.Runtime.Tests.Queueing;

/// <summary>One call of a queue, done to the queue and to the model alike.</summary>
internal abstract record QueueStep
{
    public abstract void Do(IQueueUnderTest queue, QueueModel model);
}

internal sealed record AddStep(int Key, QueuePriority Priority) : QueueStep
{
    public override void Do(IQueueUnderTest queue, QueueModel model)
    {
        queue.Add(Key, Priority);
        model.Add(Key, Priority);
    }
}

internal sealed record DelayStep(int Key, int Milliseconds, QueuePriority Priority) : QueueStep
{
    public override void Do(IQueueUnderTest queue, QueueModel model)
    {
        queue.AddAfter(Key, TimeSpan.FromMilliseconds(Milliseconds), Priority);
        model.AddAfter(Key, TimeSpan.FromMilliseconds(Milliseconds), Priority);
    }
}

/// <summary>To the model a retry is a delay like any other: never may one be dropped.</summary>
internal sealed record RetryStep(int Key, int Milliseconds, QueuePriority Priority) : QueueStep
{
    public override void Do(IQueueUnderTest queue, QueueModel model)
    {
        queue.Retry(Key, TimeSpan.FromMilliseconds(Milliseconds), Priority);
        model.AddAfter(Key, TimeSpan.FromMilliseconds(Milliseconds), Priority);
    }
}

internal sealed record AdvanceStep(int Milliseconds) : QueueStep
{
    public override void Do(IQueueUnderTest queue, QueueModel model)
    {
        queue.Advance(TimeSpan.FromMilliseconds(Milliseconds));
        model.Advance(TimeSpan.FromMilliseconds(Milliseconds));
    }
}

internal sealed record TakeStep : QueueStep
{
    public override void Do(IQueueUnderTest queue, QueueModel model)
    {
        if (model.Ready.Count > 0)
        {
            var taken = queue.TryTake();
            taken.ShouldNotBeNull("a key that is ready is not handed out");
            model.Take(taken.Value);
        }
    }
}

/// <param name="Which">Which of the keys in process, counted around.</param>
internal sealed record DoneStep(int Which) : QueueStep
{
    public override void Do(IQueueUnderTest queue, QueueModel model)
    {
        if (model.Processing.Count > 0)
        {
            var key = model.Processing.Keys.Order().ElementAt(Which % model.Processing.Count);
            queue.Done(key);
            model.Done(key);
        }
    }
}

internal sealed record ShutdownStep : QueueStep
{
    public override void Do(IQueueUnderTest queue, QueueModel model)
    {
        queue.Shutdown();
        model.Shutdown();
    }
}
