using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Tests.Kinds;
using Slipway.Kubernetes.Watching;
using Slipway.Testing;
using Slipway.Testing.FakeApi;
using Xunit;

namespace Slipway.Kubernetes.Tests;

/// <summary>How watches end, well or badly.</summary>
public sealed class WatchFaultsTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly CollectionKey ConfigMaps = new("", "configmaps");

    private readonly FakeClock _clock = new();
    private FakeApiServer _server = null!;
    private KubeClient _client = null!;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_version_that_is_too_old_is_gone_however_the_server_says_it(bool asStatus)
    {
        var version = _server.Store.Version;
        _server.Store.Compact();
        _server.Faults.GoneAsStatus = asStatus;

        var error = await Should.ThrowAsync<ApiException>(Start(version).EndAsync);

        error.IsGone.ShouldBeTrue();
        error.Code.ShouldBe(410);
    }

    [Fact]
    public async Task A_watch_that_the_server_ends_ends_quietly()
    {
        var watch = await OpenAsync();
        _server.Faults.EndWatches();

        await watch.EndAsync();
    }

    [Fact]
    public async Task A_cut_connection_is_a_transient_fault()
    {
        var watch = await OpenAsync();
        _server.Faults.CutWatches();

        (await Should.ThrowAsync<ApiException>(watch.EndAsync)).ShouldSatisfyAllConditions(
            error => error.Code.ShouldBe(0),
            error => error.IsTransient.ShouldBeTrue(),
            error => error.IsGone.ShouldBeFalse());
    }

    [Fact]
    public async Task A_half_open_connection_dies_shortly_after_the_watch_should_have_ended()
    {
        var watch = await OpenAsync(new WatchOptions { Timeout = TimeSpan.FromMinutes(5) });
        _server.Faults.SilenceWatches();

        _clock.Advance(TimeSpan.FromMinutes(5));
        watch.Ended.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(5));

        (await Should.ThrowAsync<ApiException>(watch.EndAsync)).Reason.ShouldBe(ApiException.NoAnswer);
    }

    [Fact]
    public async Task Silence_longer_than_the_caller_allows_ends_the_watch()
    {
        var watch = await OpenAsync(new WatchOptions { IdleTimeout = TimeSpan.FromSeconds(70) });
        _clock.Advance(TimeSpan.FromSeconds(69));
        Put("a");
        await watch.SeeAsync(2);
        await Eventually.See("the time begins anew", () => _clock.NextTimer == TimeSpan.FromSeconds(70));

        _clock.Advance(TimeSpan.FromSeconds(69));
        watch.Ended.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(1));

        (await Should.ThrowAsync<ApiException>(watch.EndAsync)).Message.ShouldContain("silent for 70 s");
    }

    [Fact]
    public async Task Cancelling_ends_the_watch_as_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        var watch = await OpenAsync(cancellationToken: cancelled.Token);
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(watch.EndAsync);
    }

    [Fact]
    public async Task Who_stops_reading_closes_the_connection()
    {
        Put("a");
        await foreach (var _ in _client.WatchAsync<V1ConfigMap>(new WatchOptions(), None))
        {
            break;
        }

        await Eventually.See("the server noticed", () => _server.OpenWatches == 0);
    }

    [Fact]
    public async Task A_malformed_object_is_reported_and_the_watch_goes_on()
    {
        var reports = new List<UndecodableObject>();
        var watch = await OpenAsync(new WatchOptions { OnUndecodable = reports.Add });
        _server.Store.Put(new ResourceKey(ConfigMaps, "shop", "bad"), new JsonObject { ["data"] = "text" });
        Put("good");

        (await watch.SeeAsync(2))[1].Object!.Metadata.Name.ShouldBe("good");
        reports.ShouldHaveSingleItem().Key.ShouldBe(new NamespacedName("shop", "bad"));
        var list = await _client.ListAsync<V1ConfigMap>(new ListOptions(), None);
        list.Items.Select(item => item.Metadata.Name).ShouldBe(["first", "good"]);
        list.Skipped.ShouldHaveSingleItem().Key.ShouldBe(new NamespacedName("shop", "bad"));
    }

    [Fact]
    public async Task Bookmarks_advance_the_version_without_an_object()
    {
        var watch = await OpenAsync();
        _server.Store.Put(new ResourceKey(new CollectionKey("", "secrets"), "shop", "s"), []);
        _server.SendBookmarks();

        var bookmark = (await watch.SeeAsync(2))[1];
        bookmark.Type.ShouldBe(WatchEventType.Bookmark);
        bookmark.ResourceVersion.ShouldBe(_server.Store.Version.ToString());
    }

    [Fact]
    public async Task A_streaming_list_ends_its_initial_events_with_a_bookmark()
    {
        Put("a");
        var watch = Start(null, new WatchOptions { SendInitialEvents = true });

        var events = await watch.SeeAsync(2);

        events[0].Type.ShouldBe(WatchEventType.Added);
        events[1].InitialEventsEnd.ShouldBeTrue();
    }

    [Fact]
    public async Task A_watch_is_not_started_twice_by_itself()
    {
        _server.Faults.Next(new Fault.Refuse(429, "TooManyRequests", RetryAfterSeconds: 0));

        (await Should.ThrowAsync<ApiException>(Start(null).EndAsync)).IsThrottled.ShouldBeTrue();
        _server.Requests.Count.ShouldBe(1);
    }

    public async Task InitializeAsync()
    {
        _server = await FakeApiServer.StartAsync();
        _client = _server.NewClient(new KubeClientOptions { Time = _clock, Timeout = TimeSpan.FromDays(1) });
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    private void Put(string name) =>
        _server.Store.Put(new ResourceKey(ConfigMaps, "shop", name), new JsonObject { ["kind"] = "ConfigMap" });

    /// <summary>A watch that has seen its first event and so is surely open.</summary>
    private async Task<RunningWatch> OpenAsync(WatchOptions? options = null, CancellationToken cancellationToken = default)
    {
        Put("first");
        var watch = Start(null, options, cancellationToken);
        await watch.SeeAsync(1);
        return watch;
    }

    private RunningWatch Start(long? version, WatchOptions? options = null, CancellationToken cancellationToken = default) =>
        new(_client, (options ?? new WatchOptions()) with { ResourceVersion = version?.ToString() }, cancellationToken);
}
