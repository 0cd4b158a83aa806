using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Runtime.Queueing;
using Slipway.Testing;
using Xunit;

namespace Slipway.Runtime.Tests;

public sealed class ControllerTests : IAsyncLifetime
{
    private static readonly NamespacedName Key = new("ns", "a");

    private readonly FakeClock _clock = new();
    private readonly RecordingObserver _observer = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private Controller? _controller;
    private Task _running = Task.CompletedTask;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _abort.CancelAsync();
        await _running;
        _controller?.Dispose();
        _stop.Dispose();
        _abort.Dispose();
    }

    [Fact]
    public async Task Leaves_a_settled_key_alone()
    {
        var reconciler = new ScriptedReconciler(() => Next.Settled);
        var controller = Run(reconciler);
        controller.Enqueue(Key);
        await reconciler.BegunAsync();
        await IdleAsync();

        _clock.Advance(TimeSpan.FromMinutes(30));
        await IdleAsync();

        reconciler.HasMore.ShouldBeFalse();
    }

    [Fact]
    public async Task Comes_back_when_asked_to()
    {
        var reconciler = new ScriptedReconciler(() => Next.After(TimeSpan.FromSeconds(30)));
        Run(reconciler).Enqueue(Key);
        await reconciler.BegunAsync();
        await IdleAsync();

        _clock.Advance(TimeSpan.FromSeconds(29));
        await IdleAsync();
        reconciler.HasMore.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(1));

        (await reconciler.BegunAsync()).ShouldBe(Key);
    }

    [Fact]
    public async Task Answers_failures_with_a_growing_backoff_that_success_ends()
    {
        var outcomes = new Queue<bool>([false, false, false, true, false]);
        var reconciler = new ScriptedReconciler(() => outcomes.Dequeue() ? Next.Settled : throw new InvalidOperationException("as scripted"));
        var controller = Run(reconciler);
        controller.Enqueue(Key);
        foreach (var milliseconds in new[] { 5, 10, 20 })
        {
            await reconciler.BegunAsync();
            await IdleAsync();
            _observer.Failures.Last().RetryIn.ShouldBe(TimeSpan.FromMilliseconds(milliseconds));
            _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        }

        await reconciler.BegunAsync();
        await IdleAsync();
        controller.Enqueue(Key);
        await reconciler.BegunAsync();
        await IdleAsync();

        _observer.Failures.Select(failure => failure.Failures).ShouldBe([1, 2, 3, 1]);
    }

    [Fact]
    public async Task Keeps_one_keys_failure_from_the_others()
    {
        var other = new NamespacedName("ns", "b");
        var reconciler = new ScriptedReconciler((key, _) => key == Key ? throw new InvalidOperationException("as scripted") : Task.FromResult(Next.Settled));
        var controller = Run(reconciler);
        controller.Enqueue(Key);
        controller.Enqueue(other);

        (await reconciler.BegunAsync()).ShouldBe(Key);
        (await reconciler.BegunAsync()).ShouldBe(other);
        await IdleAsync();
        _observer.Failures.ShouldHaveSingleItem().Key.ShouldBe(Key);
    }

    [Fact]
    public async Task Cancels_a_reconcile_that_takes_too_long_and_calls_it_a_failure()
    {
        var reconciler = new ScriptedReconciler(ForeverAsync);
        Run(reconciler).Enqueue(Key);
        await reconciler.BegunAsync();

        _clock.Advance(TimeSpan.FromMinutes(2));
        await IdleAsync();

        _observer.Failures.ShouldHaveSingleItem().Error.ShouldBeOfType<TimeoutException>();
    }

    [Fact]
    public async Task Takes_a_cancellation_of_the_reconcilers_own_for_a_failure()
    {
        var outcomes = new Queue<Next?>([null, Next.Settled]);
        var reconciler = new ScriptedReconciler(() => outcomes.Dequeue() ?? throw new OperationCanceledException("of its own"));
        Run(reconciler).Enqueue(Key);
        await reconciler.BegunAsync();
        await IdleAsync();

        _observer.Failures.ShouldHaveSingleItem().Error.ShouldBeOfType<OperationCanceledException>();
        _clock.Advance(TimeSpan.FromMilliseconds(5));
        (await reconciler.BegunAsync()).ShouldBe(Key);
    }

    [Fact]
    public async Task Does_not_run_a_key_a_second_time_while_its_reconcile_ignores_that_its_time_is_over()
    {
        var gate = new Gate();
        var reconciler = new ScriptedReconciler(async (_, _) =>
        {
            await gate.Opened;
            return Next.Settled;
        });
        var controller = Run(reconciler, new ControllerOptions { MaxConcurrentReconciles = 2, ResyncPeriod = null });
        var other = new NamespacedName("ns", "b");
        controller.Enqueue(Key);
        await reconciler.BegunAsync();
        _clock.Advance(TimeSpan.FromMinutes(2));
        controller.Enqueue(Key);
        controller.Enqueue(other);

        (await reconciler.BegunAsync()).ShouldBe(other);
        reconciler.HasMore.ShouldBeFalse();
        gate.Open();
        (await reconciler.BegunAsync()).ShouldBe(Key);
        reconciler.Clashes.ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lets_a_key_that_comes_back_keep_its_priority(bool fails)
    {
        var (low, busy, live) = (new NamespacedName("ns", "low"), new NamespacedName("ns", "busy"), new NamespacedName("ns", "live"));
        var gate = new Gate();
        var reconciler = new ScriptedReconciler(async (key, _) =>
        {
            await (key == busy ? gate.Opened : Task.CompletedTask);
            return key != low ? Next.Settled : !fails ? Next.After(TimeSpan.FromMilliseconds(5)) : throw new InvalidOperationException("as scripted");
        });
        var controller = Run(reconciler);
        controller.Enqueue(low, QueuePriority.Low);
        await reconciler.BegunAsync();
        await IdleAsync();

        controller.Enqueue(busy);
        await reconciler.BegunAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(5));
        controller.Enqueue(live);
        gate.Open();

        (await reconciler.BegunAsync()).ShouldBe(live);
        (await reconciler.BegunAsync()).ShouldBe(low);
    }

    [Fact]
    public async Task Never_runs_the_same_key_twice_at_once_however_much_is_asked()
    {
        var reconciler = new ScriptedReconciler(async (_, _) =>
        {
            await Task.Yield();
            return Next.Settled;
        });
        var controller = Run(reconciler, new ControllerOptions { MaxConcurrentReconciles = 8 });
        await Parallel.ForAsync(0, 20_000, (i, _) =>
        {
            controller.Enqueue(new NamespacedName("ns", $"{i % 5}"));
            return ValueTask.CompletedTask;
        });
        await IdleAsync();

        reconciler.Clashes.ShouldBe(0);
        reconciler.MostAtOnce.ShouldBeLessThanOrEqualTo(5);
    }

    [Fact]
    public async Task Runs_as_many_keys_at_once_as_it_may()
    {
        var gate = new Gate();
        var reconciler = new ScriptedReconciler(async (_, _) =>
        {
            await gate.Opened;
            return Next.Settled;
        });
        var controller = Run(reconciler, new ControllerOptions { MaxConcurrentReconciles = 3 });
        for (var i = 0; i < 10; i++)
        {
            controller.Enqueue(new NamespacedName("ns", $"{i}"));
        }

        await Eventually.See("three at work", () => reconciler.Running == 3);
        controller.Running.ShouldBe(3);
        gate.Open();
        await IdleAsync();
        reconciler.MostAtOnce.ShouldBe(3);
    }

    [Fact]
    public async Task Lets_what_runs_finish_when_stopped_and_begins_nothing_new()
    {
        var gate = new Gate();
        var reconciler = new ScriptedReconciler(async (_, token) =>
        {
            await gate.Opened.WaitAsync(token);
            return Next.Settled;
        });
        var controller = Run(reconciler);
        controller.Enqueue(Key);
        await reconciler.BegunAsync();
        controller.Enqueue(new NamespacedName("ns", "waiting"));

        await _stop.CancelAsync();
        _running.IsCompleted.ShouldBeFalse();
        gate.Open();
        await _running;

        reconciler.HasMore.ShouldBeFalse();
        _observer.Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancels_what_runs_when_aborted_and_takes_its_keys_up_again_when_run_again()
    {
        var reconciler = new ScriptedReconciler(ForeverAsync);
        var controller = Run(reconciler);
        controller.Enqueue(Key);
        await reconciler.BegunAsync();

        await _stop.CancelAsync();
        await _abort.CancelAsync();
        await _running;
        _observer.Failures.ShouldBeEmpty();

        using var stopAgain = new CancellationTokenSource();
        var again = controller.RunAsync(stopAgain.Token, stopAgain.Token);
        (await reconciler.BegunAsync()).ShouldBe(Key);
        await stopAgain.CancelAsync();
        await again;
    }

    [Fact]
    public async Task Looks_at_everything_again_from_time_to_time()
    {
        var reconciler = new ScriptedReconciler(() => Next.Settled);
        var controller = Build(reconciler, new ControllerOptions { ResyncPeriod = TimeSpan.FromHours(10) });
        controller.AddSource(() => [Key]);
        _running = controller.RunAsync(_stop.Token, _abort.Token);
        for (var round = 0; round < 3; round++)
        {
            await _clock.TimerWithinAsync(TimeSpan.FromHours(11), _stop.Token);
            _clock.AdvanceToNextTimer().ShouldBeInRange(TimeSpan.FromHours(9), TimeSpan.FromHours(11));
            (await reconciler.BegunAsync()).ShouldBe(Key);
            await IdleAsync();
        }
    }

    [Fact]
    public void Refuses_options_that_make_no_sense()
    {
        Should.Throw<ArgumentException>(new ControllerOptions { MaxConcurrentReconciles = 0 }.Validate).Message.ShouldContain("at least 1");
        Should.Throw<ArgumentException>(new ControllerOptions { ReconcileTimeout = TimeSpan.Zero }.Validate);
        Should.Throw<ArgumentException>(new ControllerOptions { ReconcileTimeout = TimeSpan.FromDays(50) }.Validate).Message.ShouldContain("at most 30 days");
        Should.Throw<ArgumentException>(new ControllerOptions { ResyncPeriod = TimeSpan.MaxValue }.Validate).Message.ShouldContain("at most 30 days");
        Should.Throw<ArgumentException>(new ControllerOptions { MaxBackoff = TimeSpan.Zero }.Validate);
        Should.Throw<ArgumentException>(new ControllerOptions { ResyncPeriod = TimeSpan.Zero }.Validate);
        new ControllerOptions { ResyncPeriod = null }.Validate();
    }

    private static async Task<Next> ForeverAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return Next.Settled;
    }

    private Controller Build(IReconciler reconciler, ControllerOptions options) =>
        _controller = new Controller("test", reconciler, options, _observer, _clock, new Random(1));

    private Controller Run(IReconciler reconciler, ControllerOptions? options = null)
    {
        var controller = Build(reconciler, options ?? new ControllerOptions { ResyncPeriod = null });
        _running = controller.RunAsync(_stop.Token, _abort.Token);
        return controller;
    }

    private Task IdleAsync() => Eventually.See("an idle controller", () => _controller!.IsIdle);
}
