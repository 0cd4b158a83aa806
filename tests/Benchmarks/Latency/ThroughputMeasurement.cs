using System.Diagnostics;
using Slipway.Benchmarks.Measuring;
using Slipway.Benchmarks.Queueing;
using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Config;
using Slipway.Runtime;

namespace Slipway.Benchmarks.Latency;

/// <param name="PerSecond">Reconciles per second.</param>
/// <param name="Allocated">Bytes per reconcile, the addition of its key included.</param>
internal readonly record struct Throughput(double PerSecond, double Allocated);

/// <summary>How long a controller needs for many keys that wait already, with a reconciler that does nothing.</summary>
internal sealed class ThroughputMeasurement(Scale scale, int workers)
{
    /// <summary>Turns until the code is compiled for good.</summary>
    private const int WarmUp = 5;

    private readonly NamespacedName[] _keys =
        [.. Enumerable.Range(0, scale.Reconciles).Select(number => new NamespacedName("shop", $"web-{number}"))];

    /// <summary>Of a controller, and of as many tasks that read a channel: the least disturbed of several runs, in turns.</summary>
    public async Task<(Throughput Controller, Throughput Channel)> RunAsync()
    {
        var (controller, channel) = (new Samples(), new Samples());
        var (controllerBytes, channelBytes) = (0.0, 0.0);
        for (var turn = -WarmUp; turn < scale.Turns; turn++)
        {
            controllerBytes = await AllocatedAsync(() => RunControllerAsync(turn < 0 ? new Samples() : controller));
            channelBytes = await AllocatedAsync(() => RunChannelAsync(turn < 0 ? new Samples() : channel));
        }

        return (Of(controller, controllerBytes), Of(channel, channelBytes));
    }

    private Throughput Of(Samples samples, double bytes) => new(_keys.Length / samples.Percentile(0).TotalSeconds, bytes / _keys.Length);

    private static async Task<double> AllocatedAsync(Func<Task> work)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await work();
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    private async Task RunControllerAsync(Samples samples)
    {
        var nobody = new KubeConfig { Server = new Uri("http://127.0.0.1:1") };
        using var client = new KubeClient(nobody, new KubeClientOptions());
        using var manager = new Manager(client, new ManagerOptions(), new QuietObserver(), TimeProvider.System, new Random(1));
        using var stop = new CancellationTokenSource();
        var reconciler = new CountingReconciler(_keys.Length);
        var queue = manager.AddController("benchmark", reconciler, new ControllerOptions { MaxConcurrentReconciles = workers }).Queue;
        foreach (var key in _keys)
        {
            queue.Enqueue(key);
        }

        var begin = Stopwatch.GetTimestamp();
        var running = manager.RunAsync(stop.Token);
        samples.Add(begin, await reconciler.Finished);
        await stop.CancelAsync();
        await running;
    }

    private async Task RunChannelAsync(Samples samples)
    {
        var reconciler = new CountingReconciler(_keys.Length);
        var queue = new ChannelQueue();
        foreach (var key in _keys)
        {
            queue.Add(key);
        }

        queue.Complete();
        var begin = Stopwatch.GetTimestamp();
        var working = Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(() => WorkAsync(queue, reconciler))));
        samples.Add(begin, await reconciler.Finished);
        await working;
    }

    private static async Task WorkAsync(ChannelQueue queue, CountingReconciler reconciler)
    {
        while (await queue.TakeAsync(CancellationToken.None) is { } key)
        {
            await reconciler.ReconcileAsync(key, CancellationToken.None);
        }
    }

    private sealed class QuietObserver : RuntimeObserver;

    private sealed class CountingReconciler(int expected) : IReconciler
    {
        private readonly TaskCompletionSource<long> _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left = expected;

        /// <summary>The timestamp of the last expected reconcile.</summary>
        public Task<long> Finished => _finished.Task;

        public Task<Next> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
        {
            if (Interlocked.Decrement(ref _left) == 0)
            {
                _finished.SetResult(Stopwatch.GetTimestamp());
            }

            return Task.FromResult(Next.Settled);
        }
    }
}
