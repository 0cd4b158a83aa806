using System.Text.Json.Nodes;
using Slipway.Kubernetes.Config;
using Slipway.Testing;
using Slipway.Testing.Cluster;

namespace Slipway.Kubernetes.Tests.Conformance;

/// <summary>A real server that knows the tests' own kind.</summary>
public sealed class ClientCluster : LocalCluster
{
    private const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    public KubeClient Client { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Server.ApplyAsync($"{Definitions}/widgets.tests.slipway.dev", JsonNode.Parse(Widgets)!);
        await Eventually.See(
            "the definition of widgets is served",
            () => Server.GetAsync($"{Definitions}/widgets.tests.slipway.dev"),
            definition => definition.ConditionText("Established").StartsWith("True", StringComparison.Ordinal));
        Client = new KubeClient(KubeConfig.Load(new KubeConfigSource { Path = KubeConfigPath }), new KubeClientOptions());
    }

    public override async Task DisposeAsync()
    {
        Client?.Dispose();
        await base.DisposeAsync();
    }

    private const string Widgets =
        """
        {
          "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
          "metadata": {"name": "widgets.tests.slipway.dev"},
          "spec": {
            "group": "tests.slipway.dev", "scope": "Namespaced",
            "names": {"kind": "Widget", "plural": "widgets", "singular": "widget", "listKind": "WidgetList"},
            "versions": [{
              "name": "v1", "served": true, "storage": true, "subresources": {"status": {}},
              "schema": {"openAPIV3Schema": {"type": "object", "properties": {
                "spec": {"type": "object", "properties": {"size": {"type": "integer"}, "color": {"type": "string"}}},
                "status": {"type": "object", "properties": {"phase": {"type": "string"}, "message": {"type": "string"}}}}}}
            }]
          }
        }
        """;
}
