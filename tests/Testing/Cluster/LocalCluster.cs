using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Slipway.Testing.Cluster;

/// <summary>
/// A real kube-apiserver with our custom resource definitions and the operator's role: the local control plane, started if
/// need be, or the cluster of the kubeconfig that SLIPWAY_TEST_KUBECONFIG names. An operator sees all namespaces, so one test run at a time has it.
/// </summary>
public class LocalCluster : IAsyncLifetime
{
    private const string KubeConfigVariable = "SLIPWAY_TEST_KUBECONFIG";
    private const string Mark = "slipway.dev/test";
    private const string Teams = "/apis/slipway.dev/v1alpha1/teams";
    private FileStream? _lock;
    private int _namespaces;

    /// <summary>Name of the instance of hack/cluster.</summary>
    protected virtual string Instance => "test";

    /// <summary>Options of hack/cluster up.</summary>
    protected virtual IReadOnlyList<string> Options => ["--control-plane-only"];

    /// <summary>The kubeconfig of a cluster to use instead of the instance.</summary>
    protected virtual string? Given => Environment.GetEnvironmentVariable(KubeConfigVariable);

    /// <summary>What hack/cluster says of the instance; empty for a cluster of the person's own.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; private set; } = new Dictionary<string, string>();

    public string KubeConfigPath { get; private set; } = "";

    public ApiServer Server { get; private set; } = null!;

    public Kubectl Kubectl { get; private set; } = null!;

    public virtual async Task InitializeAsync()
    {
        KubeConfigPath = Given is { Length: > 0 } given ? given : await StartAsync();
        _lock = await TakeAsync();
        Kubectl = new Kubectl(KubeConfigPath);
        Server = ApiServer.FromKubeConfig(await ReadKubeConfigAsync());
        await ClearAsync();
        await DefineAsync();
    }

    /// <summary>Makes the server know our kinds, and the operator's service account and roles.</summary>
    protected virtual async Task DefineAsync()
    {
        // Servers before 1.25 drop the rules they do not know, but only when they are neither validated nor applied by the server.
        await Kubectl.Run(
            "apply", "--validate=false", "--filename", Repository.PathOf("config/crd"), "--filename", Repository.PathOf("config/rbac"));
        await Kubectl.Run("wait", "--for=condition=Established", "--timeout=60s", "--filename", Repository.PathOf("config/crd"));
    }

    /// <summary>A new namespace in which pods can be made.</summary>
    public async Task<TestNamespace> NewNamespaceAsync()
    {
        return await NewNamespaceAsync($"test-{Guid.NewGuid().ToString("N")[..8]}-{Interlocked.Increment(ref _namespaces)}");
    }

    /// <summary>The same of a name that has to be that one. One that was there before has to be gone.</summary>
    public async Task<TestNamespace> NewNamespaceAsync(string name)
    {
        await Server.CreateAsync("/api/v1/namespaces", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { [Mark] = "true" } },
        });
        await Eventually.See(
            $"default service account in {name}",
            () => Server.GetAsync($"/api/v1/namespaces/{name}/serviceaccounts/default"), account => account is not null);
        return new TestNamespace(name, Server, Kubectl);
    }

    /// <summary>The label of what tests make outside of their namespaces.</summary>
    public static KeyValuePair<string, JsonNode?> TestLabel => new(Mark, "true");

    /// <summary>Removes the namespaces and teams of tests, also what an operator that no longer runs should have let go of.</summary>
    public async Task ClearAsync()
    {
        foreach (var item in await Server.ListAsync($"/api/v1/namespaces?labelSelector={Mark}=true"))
        {
            await new TestNamespace((string)item["metadata"]!["name"]!, Server, Kubectl).ForceDeleteAsync();
        }

        foreach (var team in await Server.ListAsync($"{Teams}?labelSelector={Mark}=true"))
        {
            await Server.ForceDeleteAsync($"{Teams}/{team["metadata"]!["name"]}");
        }
    }

    public virtual async Task DisposeAsync()
    {
        if (Server is not null)
        {
            await ClearAsync();
            Server.Dispose();
        }

        await (_lock?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    /// <summary>The kubeconfig as it is now, with everything that it names.</summary>
    public async Task<JsonNode> ReadKubeConfigAsync() =>
        JsonNode.Parse(await Kubectl.Run("config", "view", "--raw", "--flatten", "--minify", "--output", "json"))!;

    private async Task<string> StartAsync()
    {
        await Repository.HackAsync("cluster", ["up", "--name", Instance, .. Options]);
        var lines = await File.ReadAllLinesAsync(Repository.PathOf($".local/{Instance}/env"));
        Settings = lines.Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1]);
        return Settings["KUBECONFIG"];
    }

    private async Task<FileStream> TakeAsync()
    {
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(KubeConfigPath))))[..8];
        var path = Path.Combine(Path.GetTempPath(), $"slipway-test-{id}.lock");
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < 6000)
            {
                // Another test run has the cluster.
                await Task.Delay(TimeSpan.FromMilliseconds(200));
            }
        }
    }
}
