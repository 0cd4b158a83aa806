using BenchmarkDotNet.Attributes;
using Slipway.Crds.Meta;
using Slipway.Runtime.Queueing;

namespace Slipway.Benchmarks.Queueing;

/// <summary>
/// Add, take and done of a key. Neither internal nor sealed, as BenchmarkDotNet wants it.
/// </summary>
public class QueueBenchmarks
{
    private const int Keys = 1_000;
    private const int Producers = 4;
    private const int Workers = 4;
    private const int AddsPerProducer = 5_000;

    private readonly NamespacedName[] _keys = [.. Enumerable.Range(0, Keys).Select(number => new NamespacedName("shop", $"web-{number}"))];
    private readonly WorkQueue<NamespacedName> _queue = new("benchmark", TimeProvider.System);
    private readonly ChannelQueue _channel = new();

    [Benchmark(OperationsPerInvoke = Keys)]
    public async Task SlipwayOneByOne()
    {
        foreach (var key in _keys)
        {
            _queue.Add(key, QueuePriority.Normal);
            var taken = await _queue.TakeAsync(CancellationToken.None);
            _queue.Done(taken!.Value.Key);
        }
    }

    [Benchmark(OperationsPerInvoke = Keys)]
    public async Task ChannelOneByOne()
    {
        foreach (var key in _keys)
        {
            _channel.Add(key);
            await _channel.TakeAsync(CancellationToken.None);
        }
    }

    [Benchmark(OperationsPerInvoke = Keys)]
    public async Task SlipwayAllThenAll()
    {
        foreach (var key in _keys)
        {
            _queue.Add(key, QueuePriority.Normal);
        }

        for (var taken = 0; taken < Keys; taken++)
        {
            _queue.Done((await _queue.TakeAsync(CancellationToken.None))!.Value.Key);
        }
    }

    [Benchmark(OperationsPerInvoke = Keys)]
    public async Task ChannelAllThenAll()
    {
        foreach (var key in _keys)
        {
            _channel.Add(key);
        }

        for (var taken = 0; taken < Keys; taken++)
        {
            await _channel.TakeAsync(CancellationToken.None);
        }
    }

    [Benchmark(OperationsPerInvoke = Keys)]
    public void SlipwayAddAgain()
    {
        foreach (var key in _keys)
        {
            _queue.Add(key, QueuePriority.Normal);
        }
    }

    [Benchmark(OperationsPerInvoke = Keys)]
    public void ChannelAddAgain()
    {
        foreach (var key in _keys)
        {
            _channel.Add(key);
        }
    }

    [Benchmark(OperationsPerInvoke = Producers * AddsPerProducer)]
    public async Task SlipwayContended()
    {
        using var queue = new WorkQueue<NamespacedName>("benchmark", TimeProvider.System);
        var workers = Together(Workers, async _ =>
        {
            while (await queue.TakeAsync(CancellationToken.None) is { } taken)
            {
                queue.Done(taken.Key);
            }
        });
        await Together(Producers, producer => Produce(producer, key => queue.Add(key, QueuePriority.Normal)));
        queue.Shutdown();
        await workers;
    }

    [Benchmark(OperationsPerInvoke = Producers * AddsPerProducer)]
    public async Task ChannelContended()
    {
        var queue = new ChannelQueue();
        var workers = Together(Workers, async _ =>
        {
            while (await queue.TakeAsync(CancellationToken.None) is not null)
            {
            }
        });
        await Together(Producers, producer => Produce(producer, queue.Add));
        queue.Complete();
        await workers;
    }

    /// <summary>Every producer adds all keys, several times, each beginning elsewhere.</summary>
    private Task Produce(int producer, Action<NamespacedName> add)
    {
        for (var index = 0; index < AddsPerProducer; index++)
        {
            add(_keys[((producer * Keys / Producers) + index) % Keys]);
        }

        return Task.CompletedTask;
    }

    private static Task Together(int count, Func<int, Task> work) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(number => Task.Run(() => work(number))));
}
