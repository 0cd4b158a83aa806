using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Runtime.Events;
using Slipway.Testing;
using Xunit;

namespace Slipway.Runtime.Tests.Events;

public sealed class EventRecorderTests : IAsyncLifetime
{
    private static readonly EventRecorderOptions Options = new() { Controller = "tests.slipway.dev/recorder", Instance = "pod-1", Capacity = 30 };

    private readonly FakeClock _clock = new();
    private readonly RecordingObserver _observer = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Widget _about = Widget.Named("a", 7);
    private ScriptedApi _api = null!;
    private EventRecorder _recorder = null!;
    private Task _running = Task.CompletedTask;

    public async Task InitializeAsync()
    {
        _api = await ScriptedApi.StartAsync();
        _recorder = new EventRecorder(
            _api.Client(TimeProvider.System), Options, _observer, _clock);
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        _clock.Advance(Options.FlushTimeout);
        await _api.DisposeAsync();
        await _running;
        _stop.Dispose();
    }

    [Fact]
    public async Task Writes_what_happened()
    {
        Run();
        _recorder.Record(_about, EventType.Warning, "BuildFailed", "Build", "It did not compile.");
        var request = await _api.NextAsync();
        await CreatedAsync(request);

        request.Method.ShouldBe("POST");
        request.Path.ShouldBe("/apis/events.k8s.io/v1/namespaces/ns/events");
        var body = JsonNode.Parse(request.Body)!;
        body["metadata"]!["name"]!.GetValue<string>().ShouldStartWith("a.");
        body["type"]!.GetValue<string>().ShouldBe("Warning");
        body["reason"]!.GetValue<string>().ShouldBe("BuildFailed");
        body["action"]!.GetValue<string>().ShouldBe("Build");
        body["note"]!.GetValue<string>().ShouldBe("It did not compile.");
        body["eventTime"]!.GetValue<string>().ShouldBe("2030-01-02T03:04:05.000000Z");
        body["reportingController"]!.GetValue<string>().ShouldBe("tests.slipway.dev/recorder");
        body["reportingInstance"]!.GetValue<string>().ShouldBe("pod-1");
        body["regarding"]!["kind"]!.GetValue<string>().ShouldBe("Widget");
        body["regarding"]!["uid"]!.GetValue<string>().ShouldBe("uid-a");
    }

    /// <summary>Servers before 1.22 refuse events about them in every other namespace.</summary>
    [Fact]
    public async Task Those_about_what_is_in_no_namespace_are_in_that_of_the_system()
    {
        Run();
        _recorder.Record(_about with { Metadata = _about.Metadata with { Namespace = null } }, EventType.Normal, "Allocated", "Allocate", "It has one.");
        var request = await _api.NextAsync();
        await CreatedAsync(request);

        request.Path.ShouldBe("/apis/events.k8s.io/v1/namespaces/kube-system/events");
        JsonNode.Parse(request.Body)!["regarding"]!["namespace"].ShouldBeNull();
    }

    [Fact]
    public async Task Counts_the_same_event_within_six_minutes_of_the_last_as_a_series()
    {
        Run();
        await RecordAndCreateAsync();
        for (var count = 2; count <= 3; count++)
        {
            await AdvanceAsync(TimeSpan.FromMinutes(6));
            Record();
            var patch = await _api.NextAsync();
            patch.Method.ShouldBe("PATCH");
            var series = JsonNode.Parse(patch.Body)!.AsArray()[0]!;
            series["path"]!.GetValue<string>().ShouldBe("/series");
            series["value"]!["count"]!.GetValue<int>().ShouldBe(count);
            await patch.ReplyAsync(200, "{}");
        }

        await AdvanceAsync(TimeSpan.FromMinutes(6) + TimeSpan.FromSeconds(1));
        Record();
        (await _api.NextAsync()).Method.ShouldBe("POST");
    }

    [Fact]
    public async Task Begins_a_new_event_when_anything_differs_or_the_old_one_is_gone()
    {
        Run();
        await RecordAndCreateAsync();
        Record(note: "Something else.");
        var other = await _api.NextAsync();
        other.Method.ShouldBe("POST");
        await CreatedAsync(other);

        Record();
        await (await _api.NextAsync()).ReplyAsync(404, Wire.Status(404, "NotFound"));
        (await _api.NextAsync()).Method.ShouldBe("POST");
    }

    [Fact]
    public async Task Silences_one_object_that_cannot_calm_down_and_no_other()
    {
        Run();
        for (var i = 0; i < 25; i++)
        {
            Record(note: $"{i}");
            await CreatedAsync(await _api.NextAsync());
        }

        Record(note: "one too many");
        _recorder.Record(Widget.Named("b", 1), EventType.Normal, "Reason", "Action", "note");
        (await _api.NextAsync()).Body.ShouldContain("\"uid-b\"");
        _observer.Lines.ShouldHaveSingleItem().ShouldBe("dropped Widget ns/a Reason: its object has had too many events");
    }

    [Fact]
    public async Task Counts_also_what_it_does_not_write()
    {
        Run();
        for (var i = 0; i < 25; i++)
        {
            Record(note: $"{i}");
            await CreatedAsync(await _api.NextAsync());
        }

        await AdvanceAsync(TimeSpan.FromMinutes(4));
        for (var i = 1; i <= 3; i++)
        {
            Record(note: "24");
            await Eventually.See("a dropped event", () => _observer.Lines.Count == i);
        }

        await AdvanceAsync(TimeSpan.FromMinutes(5));
        Record(note: "24");
        var patch = await _api.NextAsync();
        patch.Method.ShouldBe("PATCH");
        JsonNode.Parse(patch.Body)![0]!["value"]!["count"]!.GetValue<int>().ShouldBe(5);
    }

    [Fact]
    public void Allows_a_silenced_object_one_more_event_every_five_minutes()
    {
        var filter = new SpamFilter(Options, _clock);
        Enumerable.Range(0, 30).Count(_ => filter.Allows("a")).ShouldBe(25);
        _clock.Advance(TimeSpan.FromSeconds(299));
        filter.Allows("a").ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(1));
        filter.Allows("a").ShouldBeTrue();
        filter.Allows("a").ShouldBeFalse();
    }

    [Fact]
    public void Never_waits_and_reports_what_does_not_fit()
    {
        for (var i = 0; i < 32; i++)
        {
            Record(note: $"{i}");
        }

        _observer.Lines.Count.ShouldBe(2);
        _observer.Lines[0].ShouldContain("30 events are waiting");
    }

    [Fact]
    public async Task Reports_what_the_server_refuses_and_goes_on()
    {
        Run();
        Record(note: "refused");
        await (await _api.NextAsync()).ReplyAsync(403, Wire.Status(403, "Forbidden", "namespace is being terminated"));
        Record(note: "accepted");
        await CreatedAsync(await _api.NextAsync());

        _observer.Lines.ShouldHaveSingleItem().ShouldContain("namespace is being terminated");
    }

    [Fact]
    public async Task Writes_what_is_waiting_before_it_ends()
    {
        Record(note: "first");
        Record(note: "second");
        await _stop.CancelAsync();
        Run();

        await CreatedAsync(await _api.NextAsync());
        await CreatedAsync(await _api.NextAsync());
        await _running.WaitAsync(TimeSpan.FromSeconds(60));
        _observer.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task Ends_in_time_although_the_server_does_not_answer()
    {
        Run();
        Record();
        await _api.NextAsync();
        await _stop.CancelAsync();
        _clock.Advance(TimeSpan.FromSeconds(5));

        await _running.WaitAsync(TimeSpan.FromSeconds(60));
        _observer.Lines.Count.ShouldBe(1);
    }

    [Fact]
    public void Cuts_long_words_and_notes_between_characters()
    {
        var occurrence = Occurrence.Of(_about, EventType.Normal, new string('r', 200), "Action", string.Concat(Enumerable.Repeat("é😀", 400)), default);
        Encoding.UTF8.GetByteCount(occurrence.Note).ShouldBeInRange(1024 - 4, 1024);
        occurrence.Note.ShouldEndWith("…");
        occurrence.Note.EnumerateRunes().ShouldNotContain(new Rune(0xFFFD));
        occurrence.Reason.Length.ShouldBe(126);
    }

    [Fact]
    public void Forgets_what_was_not_used_for_longest()
    {
        var memory = new RecentlyUsed<string, int>(2);
        memory.Set("a", 1);
        memory.Set("b", 2);
        memory.TryGet("a", out _).ShouldBeTrue();
        memory.Set("c", 3);

        memory.TryGet("b", out _).ShouldBeFalse();
        memory.TryGet("a", out _).ShouldBeTrue();
        memory.Count.ShouldBe(2);
    }

    /// <summary>Lets time pass once nothing is being written, for what is has a limit of time.</summary>
    private async Task AdvanceAsync(TimeSpan by)
    {
        await Eventually.See("nothing being written", () => _clock.NextTimer is null);
        _clock.Advance(by);
    }

    private static Task CreatedAsync(Exchange request) => request.ReplyAsync(201, request.Body);

    private void Run() => _running = _recorder.RunAsync(_stop.Token);

    private void Record(string note = "note") => _recorder.Record(_about, EventType.Normal, "Reason", "Action", note);

    private async Task RecordAndCreateAsync()
    {
        Record();
        await CreatedAsync(await _api.NextAsync());
    }
}
