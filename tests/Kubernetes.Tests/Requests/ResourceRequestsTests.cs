using System.Text;
using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Kubernetes.Requests;
using Slipway.Kubernetes.Resources;
using Slipway.Kubernetes.Tests.Kinds;
using Xunit;

namespace Slipway.Kubernetes.Tests.Requests;

public sealed class ResourceRequestsTests
{
    private static readonly NamespacedName Web = new("shop", "web");

    [Fact]
    public void Core_kinds_live_below_api() =>
        ResourceRequests.Get(V1ConfigMap.Type, Web).PathAndQuery.ShouldBe("/api/v1/namespaces/shop/configmaps/web");

    [Fact]
    public void Grouped_kinds_live_below_apis() =>
        ResourceRequests.Get(V1Deployment.Type, Web).PathAndQuery.ShouldBe("/apis/apps/v1/namespaces/shop/deployments/web");

    [Fact]
    public void Cluster_scoped_kinds_have_no_namespace_in_their_path() =>
        ResourceRequests.Get(V1Node.Type, new NamespacedName("", "n1")).PathAndQuery.ShouldBe("/api/v1/nodes/n1");

    [Fact]
    public void An_empty_name_never_becomes_a_request_for_all_objects() =>
        Should.Throw<ArgumentException>(() => ResourceRequests.Delete(V1ConfigMap.Type, new NamespacedName("shop", ""), new DeleteOptions()))
            .Message.ShouldContain("metadata.name");

    [Fact]
    public void A_namespaced_object_without_namespace_is_refused_before_it_is_sent() =>
        Should.Throw<ArgumentException>(() => ResourceRequests.Create(V1ConfigMap.Type, new NamespacedName("", "web"), [], "me"))
            .Message.ShouldContain("metadata.namespace");

    [Fact]
    public void Names_cannot_leave_their_segment() =>
        ResourceRequests.Get(V1ConfigMap.Type, new NamespacedName("shop", "../x?y")).PathAndQuery
            .ShouldBe("/api/v1/namespaces/shop/configmaps/..%2Fx%3Fy");

    [Fact]
    public void A_list_of_everything_asks_for_nothing_else() =>
        ResourceRequests.List(V1ConfigMap.Type, new ListOptions()).PathAndQuery.ShouldBe("/api/v1/configmaps");

    [Fact]
    public void A_list_says_selectors_limit_and_version() =>
        ResourceRequests.List(V1ConfigMap.Type, new ListOptions
        {
            Namespace = "shop",
            LabelSelector = "app in (a,b)",
            FieldSelector = "metadata.name=x",
            Limit = 500,
            ResourceVersion = "0",
            ResourceVersionMatch = "NotOlderThan",
        }).PathAndQuery.ShouldBe(
            "/api/v1/namespaces/shop/configmaps?labelSelector=app%20in%20%28a%2Cb%29&fieldSelector=metadata.name%3Dx&limit=500"
            + "&resourceVersion=0&resourceVersionMatch=NotOlderThan");

    [Fact]
    public void A_further_page_does_not_repeat_the_version_that_its_token_holds() =>
        ResourceRequests.List(V1ConfigMap.Type, new ListOptions { Continue = "abc", ResourceVersion = "0" }).PathAndQuery
            .ShouldBe("/api/v1/configmaps?continue=abc");

    [Fact]
    public void A_watch_says_when_it_ends() =>
        ResourceRequests.Watch(V1ConfigMap.Type, new WatchOptions { ResourceVersion = "7", Timeout = TimeSpan.FromSeconds(1.2) }).PathAndQuery
            .ShouldBe("/api/v1/configmaps?watch=true&resourceVersion=7&timeoutSeconds=2&allowWatchBookmarks=true");

    [Fact]
    public void A_streaming_list_needs_bookmarks_and_a_match() =>
        ResourceRequests.Watch(V1ConfigMap.Type, new WatchOptions { SendInitialEvents = true, AllowBookmarks = false }).PathAndQuery
            .ShouldBe("/api/v1/configmaps?watch=true&timeoutSeconds=300&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan");

    [Fact]
    public void An_apply_forces_and_names_its_manager()
    {
        var request = ResourceRequests.Apply(V1ConfigMap.Type, Web, [1], "slipway", "7");

        request.PathAndQuery.ShouldBe("/api/v1/namespaces/shop/configmaps/web?fieldManager=slipway&force=true");
        request.ContentType.ShouldBe("application/apply-patch+yaml");
        request.ResourceVersion.ShouldBe("7");
    }

    [Fact]
    public void A_status_patch_goes_to_the_subresource()
    {
        var request = ResourceRequests.Patch(Widget.Type, Web, new JsonPatch().AtVersion("7"), "slipway-status", "status");

        request.PathAndQuery.ShouldBe("/apis/tests.slipway.dev/v1/namespaces/shop/widgets/web/status?fieldManager=slipway-status");
        request.ContentType.ShouldBe("application/json-patch+json");
        request.Description.ShouldBe("patch status of widgets.tests.slipway.dev shop/web");
    }

    [Fact]
    public void A_delete_carries_its_preconditions()
    {
        var request = ResourceRequests.Delete(
            V1ConfigMap.Type, Web, new DeleteOptions { Propagation = Propagation.Foreground, Uid = "u", ResourceVersion = "7" });

        Encoding.UTF8.GetString(request.Body!).ShouldBe(
            """{"apiVersion":"v1","kind":"DeleteOptions","propagationPolicy":"Foreground","preconditions":{"uid":"u","resourceVersion":"7"}}""");
    }

    [Fact]
    public void A_delete_without_preconditions_carries_none() =>
        Encoding.UTF8.GetString(ResourceRequests.Delete(V1ConfigMap.Type, Web, new DeleteOptions()).Body!)
            .ShouldBe("""{"apiVersion":"v1","kind":"DeleteOptions","propagationPolicy":"Background"}""");

    [Fact]
    public void Logs_say_which_part() =>
        ResourceRequests.Logs(V1Pod.Type, Web, new LogOptions { Container = "build", TailLines = 50, LimitBytes = 4096, Previous = true }).PathAndQuery
            .ShouldBe("/api/v1/namespaces/shop/pods/web/log?container=build&tailLines=50&limitBytes=4096&previous=true");

    [Theory]
    [InlineData("https://host:6443", "https://host:6443/api/v1/nodes/n1")]
    [InlineData("https://host/k8s/clusters/c1/", "https://host/k8s/clusters/c1/api/v1/nodes/n1")]
    [InlineData("https://[::1]:6443", "https://[::1]:6443/api/v1/nodes/n1")]
    public void A_server_may_have_a_path(string server, string expected)
    {
        using var message = ResourceRequests.Get(V1Node.Type, new NamespacedName("", "n1")).ToMessage(new Uri(server));

        message.RequestUri!.AbsoluteUri.ShouldBe(expected);
    }

    [Fact]
    public void Escaped_names_stay_escaped_on_the_wire()
    {
        using var message = ResourceRequests.Get(V1Node.Type, new NamespacedName("", "a/b")).ToMessage(new Uri("https://host"));

        message.RequestUri!.AbsoluteUri.ShouldBe("https://host/api/v1/nodes/a%2Fb");
    }
}
