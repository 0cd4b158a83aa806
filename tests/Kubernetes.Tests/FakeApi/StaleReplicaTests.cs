using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Tests.Kinds;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Slipway.Testing.FakeApi;
using Xunit;

namespace Slipway.Kubernetes.Tests.FakeApi;

/// <summary>What a server with a cache that lags behind answers.</summary>
public sealed class StaleReplicaTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private FakeApiServer _server = null!;
    private KubeClient _client = null!;

    [Fact]
    public async Task A_list_of_any_version_is_as_old_as_the_cache_and_one_of_none_is_not()
    {
        Put("a");
        _server.Store.FreezeReplica();
        Put("b");
        _server.Store.Remove(Key("a"));

        (await NamesAsync("0")).ShouldBe(["a"]);
        (await NamesAsync(null)).ShouldBe(["b"]);
        _server.Store.ReleaseReplica();
        (await NamesAsync("0")).ShouldBe(["b"]);
    }

    [Fact]
    public async Task It_lags_as_many_versions_behind_as_it_was_told()
    {
        Put("a", "first");
        Put("b");
        Put("a", "second");
        _server.Store.Remove(Key("b"));
        Put("c");

        _server.Store.FreezeReplica(lag: 3);

        var list = await _client.ListAsync<V1ConfigMap>(new ListOptions { ResourceVersion = "0" }, None);
        list.Items.Select(item => item.Metadata.Name).ShouldBe(["a", "b"]);
        list.Items[0].Data!["k"].ShouldBe("first");
        list.ResourceVersion.ShouldBe($"{_server.Store.Version - 3}");
    }

    [Fact]
    public async Task Nothing_older_than_what_is_asked_for_is_served()
    {
        Put("a");
        _server.Store.FreezeReplica();
        var reached = _server.Store.Version;
        Put("b");

        (await NamesAsync($"{reached}")).ShouldBe(["a"]);
        var error = await Should.ThrowAsync<ApiException>(() => NamesAsync($"{_server.Store.Version}"));
        error.IsResourceVersionTooLarge.ShouldBeTrue();
    }

    [Fact]
    public async Task A_single_object_is_read_by_the_same_rules()
    {
        using var wire = _server.NewWire();
        Put("a", "first");
        _server.Store.FreezeReplica();
        Put("a", "second");

        (await wire.GetAsync(Path("a") + "?resourceVersion=0")).Text("data.k").ShouldBe("first");
        (await wire.GetAsync(Path("a"))).Text("data.k").ShouldBe("second");
        var error = await Should.ThrowAsync<ApiServerException>(() => wire.GetAsync($"{Path("a")}?resourceVersion={_server.Store.Version}"));
        error.Message.ShouldContain("ResourceVersionTooLarge");
    }

    [Fact]
    public async Task A_watch_from_a_version_to_come_says_nothing_until_it_has_come()
    {
        Put("probe");
        _server.Store.FreezeReplica();
        Put("a");
        var watch = Start($"{_server.Store.Version}");
        var probe = Start("0", "probe");
        await probe.SeeAsync(1);
        Put("b");
        _server.SendBookmarks();
        await probe.SeeAsync(2);

        watch.Seen.ShouldBeEmpty();
        _server.Store.ReleaseReplica();

        (await watch.SeeAsync(1))[0].Object!.Metadata.Name.ShouldBe("b");
    }

    [Fact]
    public async Task A_watch_of_any_version_starts_in_the_past_and_catches_up()
    {
        Put("a");
        _server.Store.FreezeReplica();
        Put("b");
        var watch = Start("0");
        (await watch.SeeAsync(1))[0].Object!.Metadata.Name.ShouldBe("a");

        _server.Store.ReleaseReplica();

        (await watch.SeeAsync(2))[1].Object!.Metadata.Name.ShouldBe("b");
    }

    [Fact]
    public async Task A_streaming_list_of_the_latest_state_waits_for_the_cache()
    {
        Put("a");
        _server.Store.FreezeReplica();
        Put("b");
        var latest = Start(null, initial: true);
        var any = Start("0", initial: true);
        (await any.SeeAsync(2))[1].InitialEventsEnd.ShouldBeTrue();

        latest.Seen.ShouldBeEmpty();
        _server.Store.ReleaseReplica();

        var events = await latest.SeeAsync(3);
        events.Take(2).Select(one => one.Object!.Metadata.Name).ShouldBe(["a", "b"], ignoreOrder: true);
        events[2].InitialEventsEnd.ShouldBeTrue();
        events[2].ResourceVersion.ShouldBe($"{_server.Store.Version}");
    }

    [Fact]
    public async Task What_was_compacted_meanwhile_is_gone_once_it_has_caught_up()
    {
        Put("a");
        var start = _server.Store.Version;
        Put("b");
        _server.Store.FreezeReplica();
        Put("c");
        _server.Store.Compact();
        var watch = Start($"{start}");
        (await watch.SeeAsync(1))[0].Object!.Metadata.Name.ShouldBe("b");

        _server.Store.ReleaseReplica();

        (await Should.ThrowAsync<ApiException>(watch.EndAsync)).IsGone.ShouldBeTrue();
    }

    public async Task InitializeAsync()
    {
        _server = await FakeApiServer.StartAsync();
        _client = _server.NewClient();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    private static ResourceKey Key(string name) => new(new CollectionKey("", "configmaps"), "shop", name);

    private static string Path(string name) => $"/api/v1/namespaces/shop/configmaps/{name}";

    private void Put(string name, string value = "v") => _server.Store.Put(
        Key(name), new JsonObject { ["kind"] = "ConfigMap", ["data"] = new JsonObject { ["k"] = value } });

    private RunningWatch Start(string? version, string? name = null, bool initial = false) => new(
        _client,
        new WatchOptions { ResourceVersion = version, SendInitialEvents = initial, FieldSelector = name is null ? null : $"metadata.name={name}" },
        None);

    private async Task<IEnumerable<string?>> NamesAsync(string? version) =>
        (await _client.ListAsync<V1ConfigMap>(new ListOptions { ResourceVersion = version }, None)).Items.Select(item => item.Metadata.Name);
}
