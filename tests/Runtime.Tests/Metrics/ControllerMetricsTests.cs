using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Testing;
using Xunit;

namespace Slipway.Runtime.Tests.Metrics;

public sealed class ControllerMetricsTests : IAsyncLifetime
{
    private static readonly NamespacedName Key = new("ns", "a");

    private readonly FakeClock _clock = new();
    private readonly MetricsReader _metrics = new("observed");
    private readonly CancellationTokenSource _stop = new();
    private Controller? _controller;
    private Task _running = Task.CompletedTask;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _controller?.Dispose();
        _metrics.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public void Shows_a_zero_of_everything_from_the_start_and_nothing_once_disposed()
    {
        Build(new ScriptedReconciler(() => Next.Settled)).Dispose();
        _metrics.Collect().ShouldBeEmpty();

        Build(new ScriptedReconciler(() => Next.Settled));
        _metrics.Collect().Where(seen => seen.Key.StartsWith("controller_runtime", StringComparison.Ordinal)).ToDictionary().ShouldBe(
            new Dictionary<string, double>
            {
                ["controller_runtime_reconcile_total{result=success}"] = 0,
                ["controller_runtime_reconcile_total{result=requeue_after}"] = 0,
                ["controller_runtime_reconcile_total{result=error}"] = 0,
                ["controller_runtime_reconcile_errors_total{}"] = 0,
                ["controller_runtime_reconcile_timeouts_total{}"] = 0,
                ["controller_runtime_active_workers{}"] = 0,
                ["controller_runtime_max_concurrent_reconciles{}"] = 3,
            },
            ignoreOrder: true);
    }

    [Fact]
    public async Task Counts_the_reconciles_by_how_they_went()
    {
        var outcomes = new Queue<Func<Next>>([
            () => Next.Settled,
            () => Next.Settled,
            () => throw new InvalidOperationException("as scripted"),
            () => Next.After(TimeSpan.FromHours(1)),
        ]);
        Run(new ScriptedReconciler(() => outcomes.Dequeue()()));
        while (outcomes.Count > 0)
        {
            _controller!.Enqueue(Key);
            await IdleAsync();
        }

        var seen = _metrics.Collect();
        seen["controller_runtime_reconcile_total{result=success}"].ShouldBe(2);
        seen["controller_runtime_reconcile_total{result=requeue_after}"].ShouldBe(1);
        seen["controller_runtime_reconcile_total{result=error}"].ShouldBe(1);
        seen["controller_runtime_reconcile_errors_total{}"].ShouldBe(1);
        seen["controller_runtime_reconcile_timeouts_total{}"].ShouldBe(0);
        seen["workqueue_retries_total{name=observed}"].ShouldBe(1);
    }

    [Fact]
    public async Task Shows_who_works_and_for_how_long()
    {
        var gate = new Gate();
        var reconciler = new ScriptedReconciler(async (_, token) =>
        {
            await gate.Opened.WaitAsync(token);
            return Next.Settled;
        });
        Run(reconciler);
        _controller!.Enqueue(Key);
        await reconciler.BegunAsync();
        _clock.Advance(TimeSpan.FromSeconds(7));

        _metrics.Collect()["controller_runtime_active_workers{}"].ShouldBe(1);
        gate.Open();
        await IdleAsync();
        _metrics.Collect()["controller_runtime_active_workers{}"].ShouldBe(0);
        _metrics.Recorded("controller_runtime_reconcile_time_seconds{}").ShouldBe([7]);
    }

    [Fact]
    public async Task Counts_what_took_too_long_whatever_came_of_it()
    {
        var gate = new Gate();
        var reconciler = new ScriptedReconciler(async (_, _) =>
        {
            await gate.Opened;
            return Next.Settled;
        });
        Run(reconciler);
        _controller!.Enqueue(Key);
        await reconciler.BegunAsync();
        _clock.Advance(TimeSpan.FromMinutes(2));
        gate.Open();
        await IdleAsync();

        var seen = _metrics.Collect();
        seen["controller_runtime_reconcile_timeouts_total{}"].ShouldBe(1);
        seen["controller_runtime_reconcile_total{result=success}"].ShouldBe(1);
    }

    private Controller Build(IReconciler reconciler) => _controller = new Controller(
        "observed",
        reconciler,
        new ControllerOptions { MaxConcurrentReconciles = 3, ResyncPeriod = null },
        new RecordingObserver(),
        _clock,
        new Random(1));

    private void Run(IReconciler reconciler) => _running = Build(reconciler).RunAsync(_stop.Token, _stop.Token);

    private Task IdleAsync() => Eventually.See("an idle controller", () => _controller!.IsIdle);
}
