using Shouldly;
using Slipway.Runtime.Queueing;

namespace Slipway.Runtime.Tests.Queueing;

/// <summary>
/// What holds for every schedule of calls: after each of them the queue stands where the model does, and in the end, when all
/// that was delayed is due, it drains until nothing is left.
/// </summary>
internal static class QueueProperty
{
    private const int MostSteps = 400;

    /// <summary>A schedule for each seed; the seeds differ in how many keys there are and in what is done most.</summary>
    public static IReadOnlyList<QueueStep> Schedule(int seed)
    {
        var random = new Random(seed);
        var keys = random.Next(1, 5) * random.Next(1, 12);
        var low = random.NextDouble();
        int[] weights = [.. Enumerable.Range(0, 6).Select(_ => random.Next(1, 6))];
        var steps = Enumerable.Range(0, random.Next(1, MostSteps)).Select(_ => Step(random, keys, low, weights)).ToList();
        if (random.Next(4) == 0)
        {
            steps.Insert(random.Next(steps.Count), new ShutdownStep());
        }

        return steps;
    }

    /// <summary>Does the steps, checks after each, then drains.</summary>
    /// <exception cref="ShouldAssertException">A promise is broken.</exception>
    public static void Check(IQueueUnderTest queue, IEnumerable<QueueStep> steps)
    {
        var model = new QueueModel();
        foreach (var step in steps)
        {
            Do(step, queue, model);
        }

        Drain(queue, model);
    }

    private static QueueStep Step(Random random, int keys, double low, int[] weights)
    {
        var key = random.Next(keys);
        var priority = random.NextDouble() < low ? QueuePriority.Low : QueuePriority.Normal;
        return Weighted(random, weights) switch
        {
            0 => new AddStep(key, priority),
            1 => new DelayStep(key, random.Next(0, 50), priority),
            2 => new RetryStep(key, random.Next(1, 50), priority),
            3 => new AdvanceStep(random.Next(0, 20)),
            4 => new TakeStep(),
            _ => new DoneStep(random.Next(keys)),
        };
    }

    private static int Weighted(Random random, int[] weights)
    {
        var left = random.Next(weights.Sum());
        return Array.FindIndex(weights, weight => (left -= weight) < 0);
    }

    private static void Do(QueueStep step, IQueueUnderTest queue, QueueModel model)
    {
        step.Do(queue, model);
        queue.Depth.ShouldBe(model.Ready.Count, "another number of keys is ready");
        queue.InProcess.ShouldBe(model.Processing.Count, "another number of keys is in process");
    }

    private static void Drain(IQueueUnderTest queue, QueueModel model)
    {
        Do(new AdvanceStep((int)model.LongestDelay.TotalMilliseconds), queue, model);
        while (model.Ready.Count > 0 || model.Processing.Count > 0)
        {
            Do(new TakeStep(), queue, model);
            Do(new DoneStep(0), queue, model);
        }

        queue.TryTake().ShouldBeNull("the queue hands out what nobody asked for");
    }
}
