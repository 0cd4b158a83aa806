using System.Text.Json.Nodes;
using Slipway.Testing;

namespace Slipway.EndToEnd;

/// <summary>
/// Operators as pods, from manifests as people apply them, with a ledger of their own. Disposing removes all of it but the definitions, which
/// stay as on an uninstall by Helm, and with them what they define.
/// </summary>
public sealed class OperatorInstallation : IAsyncDisposable
{
    public const string Namespace = "slipway-system";

    /// <summary>The lease that says who leads.</summary>
    public const string LeasePath = $"/apis/coordination.k8s.io/v1/namespaces/{Namespace}/leases/slipway-operator";

    private const string Workload = "deployment.apps/slipway-operator";
    private const string Selector = "app.kubernetes.io/component=operator";

    private readonly NodeCluster _cluster;
    private bool _removed;

    private OperatorInstallation(NodeCluster cluster, PostgresDatabase database, string manifests) =>
        (_cluster, Database, Manifests) = (cluster, database, manifests);

    /// <summary>The ledger's.</summary>
    public PostgresDatabase Database { get; }

    /// <summary>What was applied last.</summary>
    public string Manifests { get; private set; }

    /// <summary>Installs, and waits until every pod is ready.</summary>
    public static async Task<OperatorInstallation> InstallAsync(NodeCluster cluster, string manifests)
    {
        var installation = new OperatorInstallation(cluster, await cluster.NewDatabaseAsync(), manifests);
        await RemoveAsync(cluster, manifests);
        await cluster.Kubectl.Run("create", "namespace", Namespace);
        await cluster.Kubectl.Run(
            "create", "secret", "generic", "slipway-database", "--namespace", Namespace, $"--from-literal=DATABASE_URL={installation.Database.Url}");
        await installation.ApplyAsync(manifests);
        return installation;
    }

    /// <summary>Applies other manifests over those that are there, and waits until every pod is one of these.</summary>
    public async Task ApplyAsync(string manifests)
    {
        Manifests = manifests;
        // An old server does not know all that a definition may say.
        await _cluster.Kubectl.Pipe(manifests, "apply", "--validate=false", "--filename", "-");
        var rollout = await _cluster.Kubectl.Try("rollout", "status", Workload, "--namespace", Namespace, "--timeout=180s");
        if (rollout.ExitCode != 0)
        {
            throw new InvalidOperationException($"{rollout.Output}\n{await TellAsync()}");
        }

        await Eventually.See("only new pods", PodsAsync, pods => pods.All(IsReady), TellAsync);
    }

    /// <summary>The operators, those on their way out included.</summary>
    public Task<IReadOnlyList<JsonNode>> PodsAsync() =>
        _cluster.Server.ListAsync($"/api/v1/namespaces/{Namespace}/pods?labelSelector={Selector}");

    /// <summary>Waits until there are as many as there should be, each of them ready.</summary>
    public Task<IReadOnlyList<JsonNode>> SeeAllReadyAsync(int count = 2) =>
        Eventually.See("all operators ready", PodsAsync, pods => pods.Count == count && pods.All(IsReady), TellAsync);

    /// <summary>Who leads, as the lease says it; null when nobody does.</summary>
    public async Task<string?> LeaderAsync() =>
        (await _cluster.Server.GetAsync(LeasePath)).Text("spec.holderIdentity") is { Length: > 0 } holder ? holder : null;

    /// <summary>What somebody would look at who wants to know why.</summary>
    public async Task<string> TellAsync()
    {
        var logs = new List<string> { (await _cluster.Kubectl.Try("get", "pods", "--namespace", Namespace, "--output", "wide")).Output };
        foreach (var pod in await PodsAsync())
        {
            var name = pod.Text("metadata.name")!;
            logs.Add($"{name}: {pod["status"]?["containerStatuses"]}");
            logs.Add((await LogAsync(name, "--previous")).Output);
            logs.Add((await LogAsync(name)).Output);
        }

        return string.Join('\n', logs);
    }

    public async ValueTask DisposeAsync()
    {
        if (_removed)
        {
            return;
        }

        _removed = true;
        await RemoveAsync(_cluster, Manifests);
        await Database.DisposeAsync();
    }

    /// <summary>
    /// Also what a run that was killed has left. First of all the pods, which need their roles to the end. The namespace goes with all that
    /// the operators made in it.
    /// </summary>
    private static async Task RemoveAsync(NodeCluster cluster, string manifests)
    {
        await cluster.Kubectl.Run("delete", "deployment.apps", "--all", "--ignore-not-found", "--cascade=foreground", "--namespace", Namespace);
        var objects = Yaml.ReadAll(manifests).OfType<JsonObject>().Where(item => item.Text("kind") != "CustomResourceDefinition");
        var list = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "List", ["items"] = new JsonArray([.. objects]) };
        await cluster.Kubectl.Pipe(list.ToJsonString(), "delete", "--ignore-not-found", "--filename", "-");
        await cluster.Kubectl.Run("delete", "namespace", Namespace, "--ignore-not-found");
    }

    private Task<CommandResult> LogAsync(string pod, params IReadOnlyList<string> options) =>
        _cluster.Kubectl.Try(["logs", pod, "--namespace", Namespace, "--tail", "300", .. options]);

    private static bool IsReady(JsonNode pod) =>
        pod.Text("metadata.deletionTimestamp") is null && pod.ConditionText("Ready").StartsWith("True", StringComparison.Ordinal);
}
