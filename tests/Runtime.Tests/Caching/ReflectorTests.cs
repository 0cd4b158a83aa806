using System.Threading.Channels;
using Shouldly;
using Slipway.Runtime.Caching;
using Slipway.Testing;
using Xunit;

namespace Slipway.Runtime.Tests.Caching;

/// <summary>Against a server without streamed states.</summary>
public sealed class ReflectorTests : IAsyncLifetime
{
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
            _api.Client(_clock), InformerScope.All, new ReflectorOptions { PageSize = 2, StreamingList = false }, _observer, _clock, new Random(1));
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
    public async Task Lists_whatever_is_cached_then_watches_from_there()
    {
        var list = await _api.NextListAsync();
        list.Path.ShouldBe("/apis/tests.slipway.dev/v1/widgets");
        list.Query("resourceVersion").ShouldBe("0");
        _informer.HasSynced.ShouldBeFalse();
        await list.ReplyAsync(200, Wire.List(10, Widget.Named("a", 7), Widget.Named("b", 8)));

        var watch = await _api.NextWatchAsync();

        watch.Query("resourceVersion").ShouldBe("10");
        watch.Query("allowWatchBookmarks").ShouldBe("true");
        int.Parse(watch.Query("timeoutSeconds")!).ShouldBeInRange(300, 600);
        _informer.HasSynced.ShouldBeTrue();
        _informer.Store.Count.ShouldBe(2);
        (await ChangeAsync()).Initial.ShouldBeTrue();
        await _informer.WaitForSyncAsync(_stop.Token);
    }

    [Fact]
    public async Task Follows_what_happens()
    {
        var watch = await SyncAsync(10, Widget.Named("a", 7));

        await watch.SendAsync(Wire.Event("ADDED", Widget.Named("b", 11)));
        (await ChangeAsync()).ShouldSatisfyAllConditions(
            change => change.Old.ShouldBeNull(), change => change.New!.Metadata.Name.ShouldBe("b"), change => change.Initial.ShouldBeFalse());
        await watch.SendAsync(Wire.Event("MODIFIED", Widget.Named("a", 12, size: 3)));
        (await ChangeAsync()).ShouldSatisfyAllConditions(
            change => change.Old!.Spec!.Size.ShouldBe(0), change => change.New!.Spec!.Size.ShouldBe(3));
        await watch.SendAsync(Wire.Event("DELETED", Widget.Named("b", 13)));
        (await ChangeAsync()).ShouldSatisfyAllConditions(
            change => change.Old!.Metadata.Name.ShouldBe("b"), change => change.New.ShouldBeNull());

        _informer.Store.List().ShouldHaveSingleItem().Spec!.Size.ShouldBe(3);
    }

    [Fact]
    public async Task Reads_a_long_list_page_by_page()
    {
        var first = await _api.NextListAsync();
        first.Query("limit").ShouldBe("2");
        await first.ReplyAsync(200, Wire.ListOf(10, "token", Widget.Named("a", 1).ToJson(), Widget.Named("b", 2).ToJson()));
        var second = await _api.NextListAsync();
        second.Query("continue").ShouldBe("token");
        second.Query("resourceVersion").ShouldBeNull();
        await second.ReplyAsync(200, Wire.List(10, Widget.Named("c", 3)));

        (await _api.NextWatchAsync()).Query("resourceVersion").ShouldBe("10");
        _informer.Store.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Reads_the_list_in_one_piece_when_the_token_of_a_page_expired()
    {
        await (await _api.NextListAsync()).ReplyAsync(200, Wire.ListOf(10, "token", Widget.Named("a", 1).ToJson()));
        await (await _api.NextListAsync()).ReplyAsync(410, Wire.Status(410, "Expired"));
        await BackOffAsync();

        var again = await _api.NextListAsync();

        again.Query("limit").ShouldBeNull();
        again.Query("continue").ShouldBeNull();
        again.Query("resourceVersion").ShouldBeNull();
    }

    [Fact]
    public async Task Resumes_a_cut_watch_from_the_last_event_without_a_list()
    {
        var watch = await SyncAsync(10);
        await watch.SendAsync(Wire.Event("ADDED", Widget.Named("a", 14)));
        await ChangeAsync();
        watch.Cut();
        await BackOffAsync();

        (await _api.NextWatchAsync()).Query("resourceVersion").ShouldBe("14");
    }

    [Fact]
    public async Task Resumes_a_watch_that_ended_in_time_at_once()
    {
        var watch = await SyncAsync(10);
        await watch.SendAsync(Wire.Bookmark(20));
        watch.End();

        (await _api.NextWatchAsync()).Query("resourceVersion").ShouldBe("20");
        _observer.Lines.ShouldNotContain(line => line.Contains("failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Waits_after_a_watch_that_ended_at_once_without_an_event()
    {
        var watch = await SyncAsync(10);
        await watch.OpenAsync();
        watch.End();
        await BackOffAsync();

        (await _api.NextWatchAsync()).Query("resourceVersion").ShouldBe("10");
        _observer.Lines.ShouldContain(line => line.Contains("ended at once", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Lists_the_latest_state_when_the_version_is_gone_and_tells_of_what_was_deleted_meanwhile(bool inTheStream)
    {
        var watch = await SyncAsync(10, Widget.Named("a", 7), Widget.Named("b", 8));
        await ChangeAsync();
        await (inTheStream
            ? watch.SendAsync(Wire.Event("ERROR", Wire.Status(410, "Expired")))
            : RefuseResumedWatchAsync(watch, 410, Wire.Status(410, "Gone")));
        await BackOffAsync(inTheStream ? 1 : 2);

        var list = await _api.NextListAsync();
        list.Query("resourceVersion").ShouldBeNull();
        _informer.Store.Count.ShouldBe(2, "the old contents stay readable");
        await list.ReplyAsync(200, Wire.List(40, Widget.Named("b", 8), Widget.Named("c", 35)));

        (await ChangeAsync()).New!.Metadata.Name.ShouldBe("c");
        (await ChangeAsync()).ShouldSatisfyAllConditions(
            change => change.Old!.Metadata.Name.ShouldBe("a"), change => change.New.ShouldBeNull(), change => change.Initial.ShouldBeFalse());
        (await _api.NextWatchAsync()).Query("resourceVersion").ShouldBe("40");
    }

    [Fact]
    public async Task Lists_the_latest_state_when_the_server_lags_behind_the_version()
    {
        var watch = await SyncAsync(10);
        await RefuseResumedWatchAsync(watch, 504, Wire.Status(504, "Timeout", "Timeout: Too large resource version: 10, current: 5"));
        await BackOffAsync(2);

        (await _api.NextListAsync()).Query("resourceVersion").ShouldBeNull();
    }

    [Fact]
    public async Task Takes_the_list_of_a_server_restored_from_a_backup_as_it_is()
    {
        var watch = await SyncAsync(50, Widget.Named("a", 40, size: 2), Widget.Named("b", 45));
        await ChangeAsync();
        await watch.SendAsync(Wire.Event("ERROR", Wire.Status(410, "Expired")));
        await BackOffAsync();
        await (await _api.NextListAsync()).ReplyAsync(200, Wire.List(30, Widget.Named("a", 20, size: 1)));

        (await ChangeAsync()).New!.Spec!.Size.ShouldBe(1);
        (await ChangeAsync()).Old!.Metadata.Name.ShouldBe("b");
        (await _api.NextWatchAsync()).Query("resourceVersion").ShouldBe("30");
    }

    [Fact]
    public async Task Gives_up_a_silent_watch_and_resumes_it()
    {
        var watch = await SyncAsync(10);
        await watch.SendAsync(Wire.Event("ADDED", Widget.Named("a", 11)));
        await ChangeAsync();
        _clock.Advance(TimeSpan.FromMinutes(11));
        await BackOffAsync();

        (await _api.NextWatchAsync()).Query("resourceVersion").ShouldBe("11");
    }

    [Fact]
    public async Task Retries_a_throttled_watch_and_not_the_list_when_the_server_says()
    {
        var watch = await SyncAsync(10);
        watch.Cut();
        await BackOffAsync();
        await (await _api.NextWatchAsync()).ReplyAsync(429, Wire.Status(429, "TooManyRequests"), retryAfterSeconds: 20);
        await _clock.TimerWithinAsync(TimeSpan.FromSeconds(20), _stop.Token);
        await WatchFailuresAsync(2);
        _clock.Advance(TimeSpan.FromSeconds(19));
        _api.HasMore.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(1));

        (await _api.NextWatchAsync()).Query("resourceVersion").ShouldBe("10");
    }

    [Fact]
    public async Task Keeps_trying_and_reports_while_it_cannot_list()
    {
        await (await _api.NextListAsync()).ReplyAsync(403, Wire.Status(403, "Forbidden"));
        await BackOffAsync();
        await (await _api.NextListAsync()).ReplyAsync(403, Wire.Status(403, "Forbidden"));
        _informer.HasSynced.ShouldBeFalse();
        await BackOffAsync(2);
        await (await _api.NextListAsync()).ReplyAsync(200, Wire.List(10));
        await _api.NextWatchAsync();

        _informer.HasSynced.ShouldBeTrue();
        _observer.Lines.Count(line => line.StartsWith("list failed", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task Skips_and_reports_what_it_cannot_decode_and_goes_on()
    {
        await (await _api.NextListAsync()).ReplyAsync(
            200, Wire.ListOf(10, null, Wire.Broken(Widget.Key("bad"), 3), Widget.Named("good", 4).ToJson()));
        var watch = await _api.NextWatchAsync();
        (await ChangeAsync()).New!.Metadata.Name.ShouldBe("good");
        await watch.SendAsync(Wire.Event("MODIFIED", Wire.Broken(Widget.Key("good"), 15)));
        await watch.SendAsync(Wire.Event("ADDED", Widget.Named("next", 16)));
        (await ChangeAsync()).New!.Metadata.Name.ShouldBe("next");

        _observer.Lines.Where(line => line.StartsWith("skipped", StringComparison.Ordinal))
            .ShouldBe(["skipped widgets.tests.slipway.dev ns/bad", "skipped widgets.tests.slipway.dev ns/good"]);
        _informer.Store.Get(Widget.Key("good")).ShouldNotBeNull();
    }

    [Fact]
    public async Task Does_not_take_an_undecodable_object_for_a_deleted_one_but_believes_its_deletion()
    {
        var watch = await SyncAsync(10, Widget.Named("a", 7));
        await watch.SendAsync(Wire.Event("ERROR", Wire.Status(410, "Expired")));
        await BackOffAsync();
        await (await _api.NextListAsync()).ReplyAsync(200, Wire.ListOf(40, null, Wire.Broken(Widget.Key("a"), 30)));
        var resumed = await _api.NextWatchAsync();
        _informer.Store.Get(Widget.Key("a")).ShouldNotBeNull();

        await resumed.SendAsync(Wire.Event("DELETED", Wire.Broken(Widget.Key("a"), 41)));

        (await ChangeAsync()).New.ShouldBeNull();
        _informer.Store.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Goes_on_where_it_was_when_run_again()
    {
        var watch = await SyncAsync(10);
        await watch.SendAsync(Wire.Event("ADDED", Widget.Named("a", 12)));
        await ChangeAsync();
        await _stop.CancelAsync();
        await _running;

        using var stopAgain = new CancellationTokenSource();
        var again = _informer.RunAsync(stopAgain.Token);

        (await _api.NextWatchAsync()).Query("resourceVersion").ShouldBe("12");
        await stopAgain.CancelAsync();
        await again;
    }

    [Fact]
    public async Task Shows_an_own_write_before_the_watch_does_and_only_once()
    {
        var watch = await SyncAsync(10, Widget.Named("a", 7));
        _informer.Observe(Widget.Named("a", 12, size: 5));
        (await ChangeAsync()).New!.Spec!.Size.ShouldBe(5);

        await watch.SendAsync(Wire.Event("MODIFIED", Widget.Named("a", 11, size: 4)));
        await watch.SendAsync(Wire.Event("MODIFIED", Widget.Named("a", 12, size: 5)));
        await watch.SendAsync(Wire.Event("MODIFIED", Widget.Named("a", 13, size: 6)));

        (await ChangeAsync()).ShouldSatisfyAllConditions(
            change => change.Old!.Spec!.Size.ShouldBe(5), change => change.New!.Spec!.Size.ShouldBe(6));
    }

    /// <summary>A first list of these objects; one change of it is taken. Returns the watch that follows.</summary>
    private async Task<Exchange> SyncAsync(int version, params Widget[] items)
    {
        await (await _api.NextListAsync()).ReplyAsync(200, Wire.List(version, items));
        if (items.Length > 0)
        {
            await ChangeAsync();
        }

        return await _api.NextWatchAsync();
    }

    private async Task RefuseResumedWatchAsync(Exchange watch, int code, string status)
    {
        watch.Cut();
        await BackOffAsync();
        await (await _api.NextWatchAsync()).ReplyAsync(code, status);
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

    private Task WatchFailuresAsync(int count) =>
        Eventually.See($"{count} failed watches", () => _observer.Lines.Count(line => line.StartsWith("watch failed", StringComparison.Ordinal)) == count);
}
