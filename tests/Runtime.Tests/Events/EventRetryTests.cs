using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Runtime.Events;
using Slipway.Testing;
using Xunit;

namespace Slipway.Runtime.Tests.Events;

/// <summary>What becomes of an event that cannot be written at once.</summary>
public sealed class EventRetryTests : IAsyncLifetime
{
    private static readonly EventRecorderOptions Options = new() { Controller = "tests.slipway.dev/recorder", Instance = "pod-1" };

    private readonly FakeClock _clock = new();
    private readonly RecordingObserver _observer = new();
    private readonly CancellationTokenSource _stop = new();
    private ScriptedApi _api = null!;
    private EventRecorder _recorder = null!;
    private Task _running = Task.CompletedTask;

    public async Task InitializeAsync()
    {
        _api = await ScriptedApi.StartAsync();
        _recorder = new EventRecorder(_api.Client(TimeProvider.System), Options, _observer, _clock);
        _running = _recorder.RunAsync(_stop.Token);
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        _clock.Advance(Options.FlushTimeout);
        await _api.DisposeAsync();
        await _running;
        _stop.Dispose();
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Tries_again_what_the_server_could_not_do_just_now(int code)
    {
        Record("note");
        var first = await _api.NextAsync();
        await first.ReplyAsync(code, Wire.Status(code, "Busy"));
        await WaitAsync(TimeSpan.FromSeconds(0.5));
        var second = await _api.NextAsync();
        await CreatedAsync(second);

        second.Body.ShouldBe(first.Body);
        Record("the next");
        (await _api.NextAsync()).Body.ShouldContain("the next");
        _observer.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task Tries_again_after_a_broken_connection()
    {
        Record("note");
        (await _api.NextAsync()).Cut();
        await WaitAsync(TimeSpan.FromSeconds(0.5));

        await CreatedAsync(await _api.NextAsync());
    }

    [Fact]
    public async Task Takes_an_event_whose_answer_was_lost_for_written()
    {
        Record("note");
        (await _api.NextAsync()).Cut();
        await WaitAsync(TimeSpan.FromSeconds(0.5));
        var again = await _api.NextAsync();
        await again.ReplyAsync(409, Wire.Status(409, "AlreadyExists"));

        Record("note");
        var patch = await _api.NextAsync();
        patch.Method.ShouldBe("PATCH");
        patch.Path.ShouldEndWith(JsonNode.Parse(again.Body)!["metadata"]!["name"]!.GetValue<string>());
        _observer.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task Reports_an_event_whose_name_somebody_else_has()
    {
        Record("note");
        await (await _api.NextAsync()).ReplyAsync(409, Wire.Status(409, "AlreadyExists"));

        await Eventually.See("a dropped event", () => _observer.Lines.Count == 1);
    }

    [Fact]
    public async Task Writes_the_same_count_when_a_series_is_tried_again()
    {
        Record("note");
        await CreatedAsync(await _api.NextAsync());
        Record("note");
        var first = await _api.NextAsync();
        first.Cut();
        await WaitAsync(TimeSpan.FromSeconds(0.5));
        var second = await _api.NextAsync();
        await second.ReplyAsync(200, "{}");

        second.Method.ShouldBe("PATCH");
        second.Body.ShouldBe(first.Body);
    }

    [Fact]
    public async Task Gives_up_after_half_a_minute_and_goes_on_with_the_next_in_order()
    {
        Record("hopeless");
        Record("next");
        foreach (var seconds in new[] { 0.5, 1, 2, 4, 8, 8 })
        {
            await RefuseAsync("hopeless");
            await WaitAsync(TimeSpan.FromSeconds(seconds));
        }

        await RefuseAsync("hopeless");

        (await _api.NextAsync()).Body.ShouldContain("next");
        _observer.Lines.ShouldHaveSingleItem().ShouldContain("as scripted");
    }

    [Fact]
    public async Task Gives_up_a_server_that_does_not_answer_after_half_a_minute()
    {
        Record("unanswered");
        Record("next");
        await _api.NextAsync();
        _clock.Advance(TimeSpan.FromSeconds(30));

        (await _api.NextAsync()).Body.ShouldContain("next");
        _observer.Lines.ShouldHaveSingleItem().ShouldContain("could not be written within 00:00:30");
    }

    [Fact]
    public async Task Does_not_wait_for_a_server_that_asks_for_too_much()
    {
        Record("note");
        Record("next");
        await (await _api.NextAsync()).ReplyAsync(429, Wire.Status(429, "TooManyRequests"), retryAfterSeconds: 31);

        (await _api.NextAsync()).Body.ShouldContain("next");
        _observer.Lines.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Waits_no_longer_than_it_may_once_told_to_end()
    {
        Record("note");
        await RefuseAsync("note");
        await _clock.TimerWithinAsync(TimeSpan.FromSeconds(0.5), CancellationToken.None);
        await _stop.CancelAsync();
        _clock.Advance(TimeSpan.FromSeconds(0.5));
        await _api.NextAsync();
        _clock.Advance(TimeSpan.FromSeconds(4.5));

        await _running.WaitAsync(TimeSpan.FromSeconds(60));
        _observer.Lines.ShouldHaveSingleItem().ShouldContain("the process ended");
    }

    private static Task CreatedAsync(Exchange request) => request.ReplyAsync(201, request.Body);

    private void Record(string note) => _recorder.Record(Widget.Named("a", 7), EventType.Normal, "Reason", "Action", note);

    private async Task RefuseAsync(string note)
    {
        var request = await _api.NextAsync();
        request.Body.ShouldContain(note);
        await request.ReplyAsync(500, Wire.Status(500, "InternalError"));
    }

    private async Task WaitAsync(TimeSpan wait)
    {
        await _clock.TimerWithinAsync(wait, CancellationToken.None);
        _clock.NextTimer.ShouldBe(wait);
        _clock.Advance(wait);
    }
}
