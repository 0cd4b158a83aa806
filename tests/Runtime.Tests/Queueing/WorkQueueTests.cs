using Shouldly;
using Slipway.Runtime.Queueing;
using Slipway.Testing;
using Xunit;

namespace Slipway.Runtime.Tests.Queueing;

public sealed class WorkQueueTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly WorkQueue<string> _queue;

    public WorkQueueTests() => _queue = new WorkQueue<string>("test", _clock);

    public void Dispose() => _queue.Dispose();

    [Fact]
    public async Task Hands_out_a_key_added_many_times_once()
    {
        Add("a");
        Add("a");
        Add("b");

        (await TakeAsync()).ShouldBe("a");
        (await TakeAsync()).ShouldBe("b");
        _queue.Depth.ShouldBe(0);
    }

    [Fact]
    public async Task Hands_out_a_key_added_while_processed_once_more_after_done()
    {
        Add("a");
        await TakeAsync();
        Add("a");
        Add("a");
        _queue.Depth.ShouldBe(0);

        _queue.Done("a");

        (await TakeAsync()).ShouldBe("a");
        _queue.Done("a");
        _queue.Depth.ShouldBe(0);
    }

    [Fact]
    public async Task Takes_live_keys_before_listed_ones_and_each_in_order()
    {
        _queue.Add("low 1", QueuePriority.Low);
        _queue.Add("low 2", QueuePriority.Low);
        Add("live 1");
        Add("live 2");

        (await TakeAllAsync()).ShouldBe(["live 1", "live 2", "low 1", "low 2"]);
    }

    [Fact]
    public async Task Moves_a_waiting_key_up_when_it_is_added_with_a_better_priority()
    {
        _queue.Add("a", QueuePriority.Low);
        _queue.Add("b", QueuePriority.Low);
        Add("b");
        _queue.Add("b", QueuePriority.Low);

        (await TakeAllAsync()).ShouldBe(["b", "a"]);
    }

    [Fact]
    public async Task Does_not_starve_listed_keys_while_live_ones_keep_coming()
    {
        _queue.Add("low", QueuePriority.Low);
        for (var i = 0; i < 100; i++)
        {
            Add($"live {i}");
        }

        var order = await TakeAllAsync();

        order.IndexOf("low").ShouldBe(15);
        order.Where(key => key != "low").ShouldBe(Enumerable.Range(0, 100).Select(i => $"live {i}"));
    }

    [Fact]
    public async Task Keeps_a_delayed_key_until_it_is_due()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(10), QueuePriority.Normal);
        _clock.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromMilliseconds(1));
        _queue.Depth.ShouldBe(0);

        _clock.Advance(TimeSpan.FromMilliseconds(1));

        (await TakeAsync()).ShouldBe("a");
    }

    [Theory]
    [InlineData(5, 10)]
    [InlineData(10, 5)]
    public void Lets_the_earlier_of_two_delays_win(int first, int second)
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(first), QueuePriority.Normal);
        _queue.AddAfter("a", TimeSpan.FromSeconds(second), QueuePriority.Normal);

        _clock.Advance(TimeSpan.FromSeconds(5));
        _queue.Depth.ShouldBe(1);
        _clock.NextTimer.ShouldBeNull();
    }

    [Fact]
    public async Task Brings_a_key_back_when_its_delay_ends_although_it_was_looked_at_meanwhile()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(10), QueuePriority.Normal);
        Add("a");
        await TakeAsync();
        _queue.Done("a");

        _clock.Advance(TimeSpan.FromSeconds(10));

        (await TakeAsync()).ShouldBe("a");
    }

    [Fact]
    public async Task Brings_a_key_whose_delay_ends_while_it_is_processed_back_after_done()
    {
        Add("a");
        await TakeAsync();
        _queue.AddAfter("a", TimeSpan.FromSeconds(1), QueuePriority.Normal);
        _clock.Advance(TimeSpan.FromSeconds(1));
        _queue.Depth.ShouldBe(0);

        _queue.Done("a");

        _queue.Depth.ShouldBe(1);
    }

    [Fact]
    public void Survives_a_delay_without_end()
    {
        _queue.AddAfter("a", TimeSpan.MaxValue, QueuePriority.Normal);
        _clock.Advance(TimeSpan.FromDays(100));
        _queue.Depth.ShouldBe(0);
    }

    [Fact]
    public async Task Wakes_takers_in_the_order_in_which_they_came()
    {
        var first = TakeAsync();
        var second = TakeAsync();

        Add("a");
        (await first).ShouldBe("a");
        second.IsCompleted.ShouldBeFalse();
        Add("b");
        (await second).ShouldBe("b");
    }

    [Fact]
    public async Task Gives_the_turn_of_a_taker_that_gave_up_to_the_next()
    {
        using var impatient = new CancellationTokenSource();
        var gaveUp = _queue.TakeAsync(impatient.Token).AsTask();
        var patient = TakeAsync();
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(gaveUp);

        Add("a");

        (await patient).ShouldBe("a");
    }

    [Fact]
    public async Task Passes_a_key_on_when_the_taker_woken_for_it_gives_up_in_that_moment()
    {
        for (var round = 0; round < 200; round++)
        {
            using var impatient = new CancellationTokenSource();
            var first = _queue.TakeAsync(impatient.Token).AsTask();
            var second = TakeAsync();
            Add("a");
            impatient.Cancel();
            if (await Task.WhenAny(first) is { IsCompletedSuccessfully: true })
            {
                _queue.Done("a");
                Add("a");
            }

            (await second).ShouldBe("a");
            _queue.Done("a");
        }
    }

    [Fact]
    public async Task Drains_at_shutdown_and_takes_nothing_more()
    {
        Add("being processed");
        await TakeAsync();
        Add("ready");
        Add("being processed");
        _queue.AddAfter("delayed", TimeSpan.FromSeconds(1), QueuePriority.Normal);

        _queue.Shutdown();
        Add("too late");
        _queue.Done("being processed");
        _clock.Advance(TimeSpan.FromSeconds(1));

        (await TakeAllAsync()).ShouldBe(["ready", "being processed"]);
        (await _queue.TakeAsync(CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Releases_waiting_takers_at_shutdown()
    {
        var one = _queue.TakeAsync(CancellationToken.None).AsTask();
        var other = _queue.TakeAsync(CancellationToken.None).AsTask();

        _queue.Shutdown();

        (await one).ShouldBeNull();
        (await other).ShouldBeNull();
    }

    [Fact]
    public void Refuses_done_for_a_key_nobody_took() =>
        Should.Throw<InvalidOperationException>(() => _queue.Done("a")).Message.ShouldContain("was not taken");

    private void Add(string key) => _queue.Add(key, QueuePriority.Normal);

    private async Task<string> TakeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return (await _queue.TakeAsync(patience.Token)).ShouldNotBeNull().Key;
    }

    private async Task<List<string>> TakeAllAsync()
    {
        var taken = new List<string>();
        while (_queue.Depth > 0)
        {
            taken.Add(await TakeAsync());
        }

        return taken;
    }
}
