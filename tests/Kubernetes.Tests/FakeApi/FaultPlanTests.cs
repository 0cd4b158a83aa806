using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Tests.Kinds;
using Slipway.Kubernetes.Watching;
using Slipway.Testing;
using Slipway.Testing.FakeApi;
using Xunit;

namespace Slipway.Kubernetes.Tests.FakeApi;

/// <summary>The fake server goes wrong as it is told, and no further.</summary>
public sealed class FaultPlanTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeClock _clock = new();
    private FakeApiServer _server = null!;
    private KubeClient _client = null!;

    [Fact]
    public async Task A_delayed_request_is_carried_out_when_its_time_has_come()
    {
        _server.Faults.Next(new Fault.Delay(Second));
        var creating = _client.CreateAsync(new V1ConfigMap { Metadata = new() { Name = "a", Namespace = "shop" } }, None);
        await _clock.TimerWithinAsync(Second, None);
        _server.Store.Find(Key("a")).ShouldBeNull();

        _clock.Advance(Second);

        (await creating).Metadata.Uid.ShouldNotBeNull();
    }

    [Fact]
    public async Task Each_event_is_held_up_as_long_as_is_said()
    {
        _server.Faults.EventDelay = () => Second;
        Put("a");
        var watch = Start("0");
        await _clock.TimerWithinAsync(Second, None);
        watch.Seen.ShouldBeEmpty();

        _clock.Advance(Second);

        await watch.SeeAsync(1);
    }

    [Fact]
    public async Task A_torn_event_is_lost_with_its_connection_and_comes_again_on_the_next()
    {
        var watch = await OpenAsync();
        var version = watch.Seen[0].ResourceVersion;
        _server.Faults.TearWatches();
        watch.Ended.IsCompleted.ShouldBeFalse();
        Put("a");

        (await Should.ThrowAsync<ApiException>(watch.EndAsync)).IsTransient.ShouldBeTrue();
        watch.Seen.Count.ShouldBe(1);
        (await Start(version).SeeAsync(1))[0].Object!.Metadata.Name.ShouldBe("a");
    }

    [Fact]
    public async Task A_silenced_watch_neither_speaks_nor_ends_and_a_later_one_works()
    {
        using var cancelled = new CancellationTokenSource();
        var silenced = await OpenAsync(cancelled.Token);
        _server.Faults.SilenceWatches();
        var later = Start("0");
        await later.SeeAsync(1);

        Put("a");
        await later.SeeAsync(2);
        _server.SendBookmarks();
        await later.SeeAsync(3);
        _server.Faults.EndWatches();
        await later.EndAsync();
        _server.Faults.CutWatches();
        _server.Faults.TearWatches();

        silenced.Seen.Count.ShouldBe(1);
        silenced.Ended.IsCompleted.ShouldBeFalse();
        _server.OpenWatches.ShouldBe(1);
        await cancelled.CancelAsync();
        await Eventually.See("the server noticed", () => _server.OpenWatches == 0);
    }

    [Theory]
    [InlineData(WatchListSupport.Unknown, "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch")]
    [InlineData(
        WatchListSupport.Forbidden,
        "sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled")]
    public async Task A_server_that_has_no_streaming_lists_refuses_them(WatchListSupport support, string text)
    {
        _server.Faults.WatchList = support;

        var error = await Should.ThrowAsync<ApiException>(Start(null, initial: true).EndAsync);

        error.Code.ShouldBe(422);
        error.Message.ShouldContain(text);
    }

    [Fact]
    public async Task A_server_that_ignores_the_wish_for_a_streaming_list_never_says_its_end()
    {
        _server.Faults.WatchList = WatchListSupport.Ignored;
        Put("a");
        var watch = Start(null, initial: true);
        await watch.SeeAsync(1);
        Put("b");

        (await watch.SeeAsync(2)).ShouldAllBe(one => one.Type == WatchEventType.Added);
    }

    [Fact]
    public async Task A_lost_answer_to_a_read_does_no_harm_to_the_next()
    {
        Put("a");
        _server.Faults.Next(new Fault.DropAnswer());

        (await _client.GetAsync<V1ConfigMap>(new("shop", "a"), None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task After_the_faults_are_over_requests_go_well_and_need_not_be_recorded()
    {
        _server.RecordsRequests = false;
        _server.Faults.Next(new Fault.Refuse(500, "InternalError"), times: 9);
        _server.Faults.EventDelay = () => Second;
        _server.Faults.Clear();

        Put("a");
        await Start("0").SeeAsync(1);
        await _client.DeleteAsync<V1ConfigMap>(new("shop", "a"), new DeleteOptions(), None);
        _server.Requests.ShouldBeEmpty();
    }

    public async Task InitializeAsync()
    {
        _server = await FakeApiServer.StartAsync(_clock);
        _client = _server.NewClient();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    private static ResourceKey Key(string name) => new(new CollectionKey("", "configmaps"), "shop", name);

    private void Put(string name) => _server.Store.Put(Key(name), new JsonObject { ["kind"] = "ConfigMap" });

    private async Task<RunningWatch> OpenAsync(CancellationToken cancellationToken = default)
    {
        Put("first");
        var watch = Start("0", cancellationToken: cancellationToken);
        await watch.SeeAsync(1);
        return watch;
    }

    private RunningWatch Start(string? version, bool initial = false, CancellationToken cancellationToken = default) =>
        new(_client, new WatchOptions { ResourceVersion = version, SendInitialEvents = initial }, cancellationToken);
}
