using Shouldly;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Tests.Kinds;
using Slipway.Kubernetes.Watching;
using Xunit;

namespace Slipway.Kubernetes.Tests.Conformance;

/// <content>About watches.</content>
public abstract partial class ClientConformance
{
    [Fact]
    public async Task A_watch_from_a_lists_version_sees_exactly_what_comes_later()
    {
        await Client.CreateAsync(Map("before"), None);
        var list = await Client.ListAsync<V1ConfigMap>(new ListOptions { Namespace = Namespace, LabelSelector = "set=w" }, None);
        var created = await Client.CreateAsync(Labelled("a", "w"), None);
        var patched = await Client.PatchAsync<V1ConfigMap>(Key("a"), new JsonPatch().Add("/data", Json("""{"k":"v"}""")), None);
        await Client.DeleteAsync<V1ConfigMap>(Key("a"), new DeleteOptions(), None);

        var events = await WatchAsync(new WatchOptions { ResourceVersion = list.ResourceVersion, LabelSelector = "set=w" }, 3);

        events.Select(one => one.Type).ShouldBe([WatchEventType.Added, WatchEventType.Modified, WatchEventType.Deleted]);
        events[0].ResourceVersion.ShouldBe(created.Metadata.ResourceVersion);
        events[1].ResourceVersion.ShouldBe(patched.Metadata.ResourceVersion);
        events[1].Object!.Data!["k"].ShouldBe("v");
        events.ShouldAllBe(one => one.Object!.Metadata.Name == "a");
    }

    [Fact]
    public async Task A_watch_without_version_starts_with_what_is_there()
    {
        await Client.CreateAsync(Labelled("a", "w"), None);
        await Client.CreateAsync(Labelled("b", "w"), None);

        var events = await WatchAsync(new WatchOptions { LabelSelector = "set=w" }, 2);

        events.ShouldAllBe(one => one.Type == WatchEventType.Added);
        events.Select(one => one.Object!.Metadata.Name).Order().ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task What_enters_or_leaves_a_selection_is_added_or_deleted()
    {
        var list = await Client.ListAsync<V1ConfigMap>(new ListOptions { Namespace = Namespace }, None);
        await Client.CreateAsync(Labelled("a", "other"), None);
        await Client.PatchAsync<V1ConfigMap>(Key("a"), new JsonPatch().Replace("/metadata/labels/set", "w"), None);
        await Client.PatchAsync<V1ConfigMap>(Key("a"), new JsonPatch().Replace("/metadata/labels/set", "other"), None);

        var events = await WatchAsync(new WatchOptions { ResourceVersion = list.ResourceVersion, LabelSelector = "set=w" }, 2);

        events.Select(one => one.Type).ShouldBe([WatchEventType.Added, WatchEventType.Deleted]);
    }

    [Fact]
    public async Task A_watch_ends_quietly_when_its_time_is_up_also_when_it_was_empty()
    {
        var list = await Client.ListAsync<V1ConfigMap>(new ListOptions { Namespace = Namespace }, None);

        var options = new WatchOptions
        {
            ResourceVersion = list.ResourceVersion,
            LabelSelector = "set=nothing",
            AllowBookmarks = false,
            Timeout = TimeSpan.FromSeconds(1),
        };

        (await WatchAsync(options, int.MaxValue)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_bookmark_comes_before_the_end_and_can_be_continued_from()
    {
        var list = await Client.ListAsync<V1ConfigMap>(new ListOptions { Namespace = Namespace }, None);
        var created = await Client.CreateAsync(Labelled("a", "w"), None);
        var options = new WatchOptions { ResourceVersion = list.ResourceVersion, LabelSelector = "set=w", Timeout = TimeSpan.FromSeconds(10) };

        var events = await WatchAsync(options, int.MaxValue);

        var bookmark = events.Last(one => one.Type == WatchEventType.Bookmark);
        long.Parse(bookmark.ResourceVersion).ShouldBeGreaterThanOrEqualTo(long.Parse(created.Metadata.ResourceVersion!));
        await Client.DeleteAsync<V1ConfigMap>(Key("a"), new DeleteOptions(), None);
        (await WatchAsync(options with { ResourceVersion = bookmark.ResourceVersion }, 1)).ShouldHaveSingleItem().Type.ShouldBe(WatchEventType.Deleted);
    }

    [Fact]
    public async Task A_version_of_long_ago_is_gone()
    {
        // A server may well remember version 1 of a kind that it has served since then. This one's definition came later.
        var error = await FailsAsync(async () => await Client.WatchAsync<Widget>(
            new WatchOptions { Namespace = Namespace, ResourceVersion = "1" }, None).FirstOrDefaultAsync(None));

        error.IsGone.ShouldBeTrue();
        error.Code.ShouldBe(410);
    }

    [Fact]
    public async Task A_version_to_come_is_waited_for_in_silence()
    {
        var list = await Client.ListAsync<V1ConfigMap>(new ListOptions { Namespace = Namespace }, None);
        var options = new WatchOptions { ResourceVersion = InFuture(list), AllowBookmarks = false, Timeout = TimeSpan.FromSeconds(1) };

        (await WatchAsync(options, int.MaxValue)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_list_cannot_be_newer_than_the_server()
    {
        var list = await Client.ListAsync<V1ConfigMap>(new ListOptions { Namespace = Namespace }, None);

        var error = await FailsAsync(() => Client.ListAsync<V1ConfigMap>(
            new ListOptions { Namespace = Namespace, ResourceVersion = InFuture(list) }, None));

        error.IsResourceVersionTooLarge.ShouldBeTrue();
        error.Code.ShouldBe(504);
    }

    [Fact]
    public async Task A_streaming_list_is_served_whole_or_refused_as_invalid()
    {
        await Client.CreateAsync(Labelled("a", "w"), None);
        await Client.CreateAsync(Labelled("b", "w"), None);
        var options = new WatchOptions { LabelSelector = "set=w", SendInitialEvents = true };

        try
        {
            var events = await WatchAsync(options, 3);
            events[^1].InitialEventsEnd.ShouldBeTrue();
            events[..^1].Select(one => one.Object!.Metadata.Name).ShouldBe(["a", "b"], ignoreOrder: true);
        }
        catch (ApiException error)
        {
            error.IsInvalid.ShouldBeTrue();
            error.Message.ShouldContain("is forbidden for watch");
        }
    }

    private static string InFuture(ResourceList<V1ConfigMap> list) => $"{long.Parse(list.ResourceVersion) + 1_000_000}";
}
