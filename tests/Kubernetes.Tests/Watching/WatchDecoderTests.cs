using System.Buffers;
using System.Text;
using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Requests;
using Slipway.Kubernetes.Tests.Kinds;
using Slipway.Kubernetes.Watching;
using Xunit;

namespace Slipway.Kubernetes.Tests.Watching;

public sealed class WatchDecoderTests
{
    private readonly List<UndecodableObject> _undecodable = [];

    [Theory]
    [InlineData("ADDED", WatchEventType.Added)]
    [InlineData("MODIFIED", WatchEventType.Modified)]
    [InlineData("DELETED", WatchEventType.Deleted)]
    public void Reads_a_change(string type, WatchEventType expected)
    {
        var change = Decode($$"""{"type":"{{type}}","object":{"data":{"k":"v"},"metadata":{"name":"a","resourceVersion":"7"} } }""")!;

        change.Type.ShouldBe(expected);
        change.ResourceVersion.ShouldBe("7");
        change.Object!.Data!["k"].ShouldBe("v");
    }

    [Fact]
    public void The_type_may_come_last() =>
        Decode("""{"object":{"metadata":{"resourceVersion":"7","name":"a"},"data":{"type":"x"}},"more":[1,{}],"type":"ADDED"}""")!
            .ShouldSatisfyAllConditions(
                change => change.Type.ShouldBe(WatchEventType.Added),
                change => change.Object!.Data!["type"].ShouldBe("x"));

    [Fact]
    public void A_bookmark_has_no_object_but_a_version()
    {
        var bookmark = Decode("""{"type":"BOOKMARK","object":{"kind":"ConfigMap","metadata":{"resourceVersion":"9","creationTimestamp":null}}}""")!;

        bookmark.ShouldBe(new WatchEvent<V1ConfigMap>(WatchEventType.Bookmark, null, "9", InitialEventsEnd: false));
    }

    [Fact]
    public void The_bookmark_that_ends_the_initial_events_says_so() =>
        Decode("""{"type":"BOOKMARK","object":{"metadata":{"annotations":{"a":"b","k8s.io/initial-events-end":"true"},"resourceVersion":"9"}}}""")!
            .ShouldBe(new WatchEvent<V1ConfigMap>(WatchEventType.Bookmark, null, "9", InitialEventsEnd: true));

    [Fact]
    public void An_error_within_the_stream_is_like_one_by_status()
    {
        var error = Should.Throw<ApiException>(() => Decode(
            """{"type":"ERROR","object":{"kind":"Status","status":"Failure","message":"too old resource version","reason":"Expired","code":410}}"""));

        error.IsGone.ShouldBeTrue();
        error.Code.ShouldBe(410);
        error.Message.ShouldContain("watch configmaps");
        error.Message.ShouldContain("too old resource version");
    }

    [Fact]
    public void An_object_that_does_not_fit_is_reported_with_its_key_and_skipped()
    {
        Decode("""{"type":"MODIFIED","object":{"metadata":{"name":"a","namespace":"shop","resourceVersion":"7"},"data":["no","map"]}}""").ShouldBeNull();

        var report = _undecodable.ShouldHaveSingleItem();
        report.Event.ShouldBe(WatchEventType.Modified);
        report.Key.ShouldBe(new NamespacedName("shop", "a"));
        report.ResourceVersion.ShouldBe("7");
        report.Message.ShouldContain("$.data");
    }

    [Fact]
    public void Also_metadata_that_does_not_fit_are_survived()
    {
        Decode("""{"type":"ADDED","object":{"metadata":{"labels":{"a":1},"name":"a","resourceVersion":"7"}}}""").ShouldBeNull();

        _undecodable.ShouldHaveSingleItem().Key.ShouldBe(new NamespacedName("", "a"));
    }

    [Theory]
    [InlineData("""{"type":"ADDED","object":null}""")]
    [InlineData("""{"type":"ADDED","object":[1]}""")]
    [InlineData("""{"type":"ADDED","object":{"metadata":7}}""")]
    [InlineData("""{"type":"ADDED","object":{"metadata":null}}""")]
    [InlineData("""{"type":"ADDED","object":{"data":{}}}""")]
    [InlineData("""{"type":"ADDED","object":{"metadata":{"namespace":"shop","resourceVersion":"7"}}}""")]
    [InlineData("""{"type":"ADDED","object":{"metadata":{"name":"\ud800","resourceVersion":"7"}}}""")]
    public void What_is_no_object_has_no_key(string line)
    {
        Decode(line).ShouldBeNull();

        _undecodable.ShouldHaveSingleItem().Key.ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r")]
    public void Blank_lines_are_nothing(string line) => Decode(line).ShouldBeNull();

    [Fact]
    public void Types_of_the_future_are_ignored() => Decode("""{"type":"RENAMED","object":{}}""").ShouldBeNull();

    [Theory]
    [InlineData("<html>")]
    [InlineData("""{"type":"ADDED","object":{"metadata":{""")]
    [InlineData("""{"type":"ADDED"}""")]
    [InlineData("[]")]
    public void What_is_no_event_at_all_breaks_the_watch(string line) =>
        Should.Throw<ApiException>(() => Decode(line)).IsTransient.ShouldBeTrue();

    private WatchEvent<V1ConfigMap>? Decode(string line)
    {
        var request = ResourceRequests.Watch(V1ConfigMap.Type, new WatchOptions());
        return new WatchDecoder<V1ConfigMap>(request, _undecodable.Add).Decode(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(line)));
    }
}
