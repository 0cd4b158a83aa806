using System.Text.Json.Nodes;
using Slipway.Crds;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing;

namespace Slipway.Operator.Tests.Upgrades;

/// <summary>
/// Puts frozen objects into a cluster and a frozen ledger into a database. Objects that are created anew have new UIDs: everything that
/// names an object by its UID is rewritten, so that it is an upgrade, and no restore.
/// </summary>
internal sealed class Thaw(Frozen frozen, Scene scene)
{
    private readonly List<(string Old, string New)> _uids = [];

    public async Task RunAsync()
    {
        var home = await scene.World.Cluster.Server.GetAsync("/api/v1/namespaces/kube-system");
        _uids.Add((Frozen.Cluster, home.Text("metadata.uid")!));
        var objects = frozen.Objects();
        foreach (var item in objects)
        {
            await CreateAsync(item);
        }

        foreach (var item in objects.Where(item => IsOurs(item) && item["status"] is not null))
        {
            await scene.World.Cluster.Server.ApplyAsync($"{PathOf(item)}/status", Renamed(StatusOf(item)), WellKnown.FieldManager);
        }

        await scene.World.Ledger.ExecuteAsync(Renamed(frozen.Ledger()));
    }

    private async Task CreateAsync(JsonObject item)
    {
        // One edit in its life: that it is to be cancelled.
        var cancelled = IsOurs(item) && item.At("spec.cancel") is not null;
        var manager = IsOurs(item) ? "test" : WellKnown.FieldManager;
        var path = PathOf(Renamed(item));
        var created = await scene.World.Cluster.Server.ApplyAsync(path, Renamed(Wish(item, cancelled)), manager);
        _uids.Add((item.Text("metadata.uid")!, created.Text("metadata.uid")!));
        if (cancelled)
        {
            await scene.World.Cluster.Server.ApplyAsync(path, Renamed(Wish(item, without: false)), manager);
        }
    }

    /// <summary>An object as somebody asks for it.</summary>
    private static JsonObject Wish(JsonObject item, bool without)
    {
        var wish = item.DeepClone().AsObject();
        wish.Remove("status");
        foreach (var name in (string[])["uid", "resourceVersion", "creationTimestamp", "generation", "selfLink", "managedFields"])
        {
            wish["metadata"]!.AsObject().Remove(name);
        }

        (wish.At("metadata.annotations") as JsonObject)?.Remove("deployment.kubernetes.io/revision");
        if (without)
        {
            wish["spec"]!.AsObject().Remove("cancel");
        }

        foreach (var name in (string[])["clusterIP", "clusterIPs"])
        {
            (wish["spec"] as JsonObject)?.Remove(name);
        }

        return wish;
    }

    private static JsonObject StatusOf(JsonObject item) => new()
    {
        ["apiVersion"] = item["apiVersion"]!.DeepClone(),
        ["kind"] = item["kind"]!.DeepClone(),
        ["metadata"] = new JsonObject { ["name"] = item.Text("metadata.name") },
        ["status"] = item["status"]!.DeepClone(),
    };

    private static bool IsOurs(JsonObject item) => item.Text("apiVersion") == "slipway.dev/v1alpha1";

    private static string PathOf(JsonObject item)
    {
        var version = item.Text("apiVersion")!;
        var place = item.Text("metadata.namespace") is { } name ? $"/namespaces/{name}" : "";
        var kind = item.Text("kind")!.ToLowerInvariant();
        return $"/{(version.Contains('/') ? "apis" : "api")}/{version}{place}/{kind}{(kind.EndsWith("ch", StringComparison.Ordinal) ? "es" : "s")}/{item.Text("metadata.name")}";
    }

    private JsonObject Renamed(JsonObject item) => JsonNode.Parse(Renamed(item.ToJsonString()))!.AsObject();

    private string Renamed(string text) => _uids.Aggregate(text, (known, uid) => known.Replace(uid.Old, uid.New, StringComparison.Ordinal));
}
