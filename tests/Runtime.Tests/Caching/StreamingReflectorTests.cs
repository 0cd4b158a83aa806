using System.Threading.Channels;
using Shouldly;
using Slipway.Runtime.Caching;
using Slipway.Testing;
using Xunit;

namespace Slipway.Runtime.Tests.Caching;

/// <summary>The state as the beginning of a watch, and what happens with servers that cannot do that.</summary>
public sealed class StreamingReflectorTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FakeClock _clock = new();
    private readonly RecordingObserver _observer = new();
    private readonly Channel<StoreChange<Widget>> _changes = Channel.CreateUnbounded<StoreChange<Widget>>();
    private readonly CancellationTokenSource _stop = new();
    private ScriptedApi _api = null!;
    private Informer<Widget> _informer = null!;
    private Task _running = Task.CompletedTask;

    public async Task InitializeAsync()
    {
        _api = await ScriptedApi.StartAsync();
        _informer = new Informer<Widget>(
            _api.Client(_clock), InformerScope.All, new ReflectorOptions { InitialEventsTimeout = Patience }, _observer, _clock, new Random(1));
        _informer.OnChange(change => _changes.Writer.TryWrite(change));
        _running = _informer.RunAsync(_stop.Token);
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _api.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Takes_the_state_in_at_once_when_it_is_complete()
    {
        var stream = await NextStreamAsync();
        await stream.SendAsync(Wire.Event("ADDED", Widget.Named("a", 70)));
        await stream.SendAsync(Wire.Event("ADDED", Widget.Named("b", 20)));
        await stream.SendAsync(Wire.Event("MODIFIED", Widget.Named("a", 71, size: 5)));
        await stream.SendAsync(Wire.Event("DELETED", Widget.Named("b", 72)));
        await stream.SendAsync(Wire.Event("ADDED", Widget.Named("c", 30)));
        _informer.Store.Count.ShouldBe(0);
        _informer.HasSynced.ShouldBeFalse();
        await stream.SendAsync(Wire.EndOfState(72));

        await _informer.WaitForSyncAsync(_stop.Token);
        _informer.Store.List().Select(item => (item.Metadata.Name, item.Spec!.Size)).ShouldBe([("a", 5), ("c", 0)], ignoreOrder: true);
        (await ChangeAsync()).Initial.ShouldBeTrue();
        await Eventually.See("a watching reflector", () => _informer.State == ReflectorState.Watching);
        _observer.Lines.ShouldBe(["listed widgets.tests.slipway.dev 2 72"]);
    }

    [Fact]
    public async Task Goes_on_in_the_same_stream_and_resumes_it_where_it_broke()
    {
        var stream = await SyncAsync(10, Widget.Named("a", 7));
        await stream.SendAsync(Wire.Event("MODIFIED", Widget.Named("a", 14, size: 3)));
        (await ChangeAsync()).New!.Spec!.Size.ShouldBe(3);
        await stream.SendAsync(Wire.Event("MODIFIED", Wire.Broken(Widget.Key("a"), 15)));
        await Eventually.See("the report", () => _observer.Lines.Contains("skipped widgets.tests.slipway.dev ns/a"));
        stream.Cut();
        await BackOffAsync();

        var resumed = await _api.NextWatchAsync();

        resumed.Query("resourceVersion").ShouldBe("15");
        resumed.Query("sendInitialEvents").ShouldBeNull();
        resumed.Query("resourceVersionMatch").ShouldBeNull();
    }

    [Fact]
    public async Task Resumes_from_the_end_of_the_state_however_its_objects_were_numbered()
    {
        var stream = await SyncAsync(50, Widget.Named("a", 7));
        stream.End();

        (await _api.NextWatchAsync()).Query("resourceVersion").ShouldBe("50");
    }

    [Fact]
    public async Task Is_as_patient_as_with_any_watch_once_the_state_is_complete()
    {
        var stream = await SyncAsync(10);
        await Eventually.See("a watching reflector", () => _informer.State == ReflectorState.Watching);
        _clock.Advance(Patience * 2);
        await stream.SendAsync(Wire.Event("ADDED", Widget.Named("a", 11)));

        (await ChangeAsync()).New!.Metadata.Name.ShouldBe("a");
        _api.HasMore.ShouldBeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Forgets_a_state_that_never_became_complete(bool broken)
    {
        var first = await SyncAsync(10, Widget.Named("a", 7));
        await first.SendAsync(Wire.Event("ERROR", Wire.Status(410, "Expired")));
        await BackOffAsync();
        var stream = await NextStreamAsync();
        await stream.SendAsync(Wire.Event("ADDED", Widget.Named("half", 20)));
        End(stream, broken);
        await BackOffAsync(2);

        var again = await NextStreamAsync();
        _informer.Store.List().ShouldHaveSingleItem().Metadata.Name.ShouldBe("a");
        await again.SendAsync(Wire.Event("ADDED", Widget.Named("a", 7)));
        await again.SendAsync(Wire.Event("ADDED", Widget.Named("b", 31)));
        await again.SendAsync(Wire.EndOfState(31));

        (await ChangeAsync()).New!.Metadata.Name.ShouldBe("b");
        _informer.Store.Get(Widget.Key("half")).ShouldBeNull();
    }

    [Fact]
    public async Task Tells_of_what_was_deleted_while_nobody_watched_and_keeps_own_writes()
    {
        var first = await SyncAsync(10, Widget.Named("a", 7));
        await first.SendAsync(Wire.Event("ERROR", Wire.Status(410, "Expired")));
        await BackOffAsync();
        var stream = await NextStreamAsync();
        _informer.Observe(Widget.Named("own", 45));
        (await ChangeAsync()).New!.Metadata.Name.ShouldBe("own");
        await stream.SendAsync(Wire.EndOfState(40));

        (await ChangeAsync()).ShouldSatisfyAllConditions(
            change => change.Old!.Metadata.Name.ShouldBe("a"), change => change.New.ShouldBeNull());
        _informer.Store.List().ShouldHaveSingleItem().Metadata.Name.ShouldBe("own");
    }

    [Fact]
    public async Task Takes_the_state_of_a_server_restored_from_a_backup_as_it_is()
    {
        var first = await SyncAsync(50, Widget.Named("a", 40, size: 2));
        await first.SendAsync(Wire.Event("ERROR", Wire.Status(410, "Expired")));
        await BackOffAsync();
        var stream = await NextStreamAsync();
        await stream.SendAsync(Wire.Event("ADDED", Widget.Named("a", 20, size: 1)));
        await stream.SendAsync(Wire.EndOfState(30));

        (await ChangeAsync()).New!.Spec!.Size.ShouldBe(1);
    }

    [Fact]
    public async Task Reports_what_it_cannot_decode_and_does_not_take_it_for_deleted()
    {
        var first = await SyncAsync(10, Widget.Named("a", 7), Widget.Named("b", 8));
        await ChangeAsync();
        await first.SendAsync(Wire.Event("ERROR", Wire.Status(410, "Expired")));
        await BackOffAsync();
        var stream = await NextStreamAsync();
        await stream.SendAsync(Wire.Event("ADDED", Wire.Broken(Widget.Key("a"), 30)));
        await stream.SendAsync(Wire.Event("ADDED", Wire.Broken(Widget.Key("b"), 31)));
        await stream.SendAsync(Wire.Event("DELETED", Wire.Broken(Widget.Key("b"), 32)));
        await stream.SendAsync(Wire.Event("ADDED", Wire.Broken(Widget.Key("mended"), 33)));
        await stream.SendAsync(Wire.Event("MODIFIED", Widget.Named("mended", 34)));
        await stream.SendAsync(Wire.EndOfState(40));

        (await ChangeAsync()).New!.Metadata.Name.ShouldBe("mended");
        (await ChangeAsync()).Old!.Metadata.Name.ShouldBe("b");
        _informer.Store.Get(Widget.Key("a"))!.Metadata.ResourceVersion.ShouldBe("7");
        _observer.Lines.Where(line => line.StartsWith("skipped", StringComparison.Ordinal)).ShouldBe(["skipped widgets.tests.slipway.dev ns/a"]);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(405)]
    [InlineData(406)]
    [InlineData(415)]
    [InlineData(422)]
    public async Task Lists_at_once_and_ever_after_when_the_server_refuses_to_stream(int code)
    {
        await (await NextStreamAsync()).ReplyAsync(code, Wire.Status(code, "Invalid", "resourceVersionMatch is forbidden for watch"));
        await ListAndExpireAsync();

        (await _api.NextListAsync()).Query("resourceVersion").ShouldBeNull();
        _observer.Lines.ShouldNotContain(line => line.StartsWith("list failed", StringComparison.Ordinal));
        _observer.Lines.Count(line => line.StartsWith("streaming refused", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Lists_ever_after_when_the_server_streams_and_never_ends_the_state()
    {
        var stream = await NextStreamAsync();
        await stream.SendAsync(Wire.Event("ADDED", Widget.Named("a", 7)));
        await _clock.TimerWithinAsync(Patience, _stop.Token);
        _clock.Advance(Patience);
        await ListAndExpireAsync();

        await _api.NextListAsync();
        _observer.Lines.ShouldNotContain(line => line.StartsWith("list failed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(403, "Forbidden")]
    [InlineData(404, "NotFound")]
    public async Task Lists_for_once_when_the_kind_may_or_can_not_be_watched(int code, string reason)
    {
        await (await NextStreamAsync()).ReplyAsync(code, Wire.Status(code, reason));
        await (await _api.NextListAsync()).ReplyAsync(code, Wire.Status(code, reason));
        await BackOffAsync();

        await NextStreamAsync();
        _observer.Lines.ShouldHaveSingleItem().ShouldContain($"Could not list widgets.tests.slipway.dev: {code}");
    }

    [Fact]
    public async Task Tries_the_same_again_when_the_server_asks_it_to_wait()
    {
        await (await NextStreamAsync()).ReplyAsync(429, Wire.Status(429, "TooManyRequests"), retryAfterSeconds: 20);
        await _clock.TimerWithinAsync(TimeSpan.FromSeconds(20), _stop.Token);
        await Eventually.See("the failure", () => _observer.Lines.Count == 1);
        _clock.Advance(TimeSpan.FromSeconds(19));
        _api.HasMore.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(1));

        await NextStreamAsync();
    }

    [Theory]
    [InlineData(500, "InternalError")]
    [InlineData(503, "ServiceUnavailable")]
    [InlineData(410, "Expired")]
    [InlineData(504, "Timeout: Too large resource version: 10, current: 5")]
    public async Task Tries_the_same_again_after_any_failure_that_may_pass(int code, string message)
    {
        await (await NextStreamAsync()).ReplyAsync(code, Wire.Status(code, "Failed", message));
        await BackOffAsync();

        await NextStreamAsync();
        _observer.Lines.ShouldHaveSingleItem().ShouldStartWith("list failed");
    }

    /// <summary>A first state of these objects; one change of it is taken. Returns the stream, which goes on.</summary>
    private async Task<Exchange> SyncAsync(int version, params Widget[] items)
    {
        var stream = await NextStreamAsync();
        foreach (var item in items)
        {
            await stream.SendAsync(Wire.Event("ADDED", item));
        }

        await stream.SendAsync(Wire.EndOfState(version));
        await _informer.WaitForSyncAsync(_stop.Token);
        if (items.Length > 0)
        {
            await ChangeAsync();
        }

        return stream;
    }

    private async Task<Exchange> NextStreamAsync()
    {
        var stream = await _api.NextWatchAsync();
        stream.Query("sendInitialEvents").ShouldBe("true", $"{stream} should begin with the state");
        stream.Query("resourceVersionMatch").ShouldBe("NotOlderThan");
        stream.Query("allowWatchBookmarks").ShouldBe("true");
        stream.Query("resourceVersion").ShouldBeNull();
        return stream;
    }

    /// <summary>Takes a list, and has the watch after it fail so that everything must be taken in anew.</summary>
    private async Task ListAndExpireAsync()
    {
        await (await _api.NextListAsync()).ReplyAsync(200, Wire.List(10, Widget.Named("a", 7)));
        var watch = await _api.NextWatchAsync();
        watch.Query("sendInitialEvents").ShouldBeNull();
        await watch.SendAsync(Wire.Event("ERROR", Wire.Status(410, "Expired")));
        await BackOffAsync();
    }

    private static void End(Exchange stream, bool broken)
    {
        if (broken)
        {
            stream.Cut();
        }
        else
        {
            stream.End();
        }
    }

    private async Task<StoreChange<Widget>> ChangeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await _changes.Reader.ReadAsync(patience.Token);
    }

    /// <summary>Waits until the reflector waits, and lets that wait be over. It doubles with each failure in a row.</summary>
    private async Task BackOffAsync(int failure = 1)
    {
        var longest = TimeSpan.FromSeconds(1.6 * failure);
        await _clock.TimerWithinAsync(longest, _stop.Token);
        _clock.Advance(longest);
    }
}
