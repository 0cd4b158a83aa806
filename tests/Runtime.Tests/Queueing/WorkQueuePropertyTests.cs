using System.Collections.Concurrent;
using Shouldly;
using Slipway.Runtime.Queueing;
using Xunit;

namespace Slipway.Runtime.Tests.Queueing;

/// <summary>Many producers and consumers, and a model to compare with.</summary>
public sealed class WorkQueuePropertyTests
{
    private const int Keys = 40;
    private const int Producers = 10;
    private const int Consumers = 25;
    private const int AddsEach = 2000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Never_hands_out_the_same_key_twice_at_once_and_loses_nothing(int seed)
    {
        using var queue = new WorkQueue<int>("fuzz", TimeProvider.System);
        var wanted = new int[Keys];
        var seen = new int[Keys];
        var busy = new int[Keys];
        var clashes = 0;

        var consumers = Enumerable.Range(0, Consumers).Select(_ => Task.Run(async () =>
        {
            while (await queue.TakeAsync(CancellationToken.None) is { Key: var key })
            {
                if (Interlocked.Increment(ref busy[key]) != 1)
                {
                    Interlocked.Increment(ref clashes);
                }

                // A look covers everything that was wanted before it began.
                Volatile.Write(ref seen[key], Volatile.Read(ref wanted[key]));
                await Task.Yield();
                Interlocked.Decrement(ref busy[key]);
                queue.Done(key);
            }
        })).ToArray();
        var producers = Enumerable.Range(0, Producers).Select(producer => Task.Run(async () =>
        {
            var random = new Random((seed * 1000) + producer);
            for (var i = 0; i < AddsEach; i++)
            {
                Produce(queue, wanted, random);
                if (random.Next(10) == 0)
                {
                    await Task.Yield();
                }
            }
        })).ToArray();
        await Task.WhenAll(producers);
        await UntilAsync(() => Enumerable.Range(0, Keys).All(key => Volatile.Read(ref seen[key]) == wanted[key]));
        queue.Shutdown();
        await Task.WhenAll(consumers);

        clashes.ShouldBe(0);
        wanted.Sum().ShouldBe(Producers * AddsEach);
        queue.Depth.ShouldBe(0);
        queue.InProcess.ShouldBe(0);
    }

    [Fact]
    public async Task Loses_no_key_to_takers_that_give_up()
    {
        using var queue = new WorkQueue<int>("fuzz", TimeProvider.System);
        var taken = new ConcurrentDictionary<int, bool>();
        var takers = Enumerable.Range(0, 8).Select(taker => Task.Run(async () =>
        {
            var random = new Random(taker);
            while (taken.Count < 5000)
            {
                using var patience = new CancellationTokenSource();
                var take = queue.TakeAsync(patience.Token).AsTask();
                if (random.Next(2) == 0)
                {
                    await Task.Yield();
                }

                patience.CancelAfter(random.Next(2));
                await Task.WhenAny(take);
                if (take.IsCompletedSuccessfully && await take is { Key: var key })
                {
                    taken[key] = true;
                    queue.Done(key);
                }
            }
        })).ToArray();
        for (var key = 0; key < 5000; key++)
        {
            queue.Add(key, QueuePriority.Normal);
            if (key % 50 == 0)
            {
                await Task.Yield();
            }
        }

        await Task.WhenAll(takers).WaitAsync(TimeSpan.FromSeconds(60));
        taken.Count.ShouldBe(5000);
    }

    /// <summary>Against a model: what is ready, in which order, after any sequence of calls and any passing of time.</summary>
    [Fact]
    public void Keeps_its_promises_in_every_schedule() => Counterexample.Find(() => new RealQueue(), Enumerable.Range(1, 500)).ShouldBeNull();

    private static void Produce(WorkQueue<int> queue, int[] wanted, Random random)
    {
        var key = random.Next(Keys);
        Interlocked.Increment(ref wanted[key]);
        var priority = random.Next(3) == 0 ? QueuePriority.Low : QueuePriority.Normal;
        if (random.Next(4) == 0)
        {
            queue.AddAfter(key, TimeSpan.FromMilliseconds(random.Next(1, 5)), priority);
        }
        else
        {
            queue.Add(key, priority);
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
