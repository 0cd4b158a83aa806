using System.Text.Json.Nodes;
using Slipway.EndToEnd.Permissions;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Xunit;

namespace Slipway.EndToEnd;

/// <summary>The local cluster with its node: real pods, real images, a real registry, a Git server.</summary>
public sealed class NodeCluster : LocalCluster
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private OperatorInstallation? _installation;
    private string? _usual;

    /// <summary>The address of the node's registry, on this machine as in pods with hostNetwork.</summary>
    public string Registry => Settings["REGISTRY"];

    /// <summary>An image to build on: a shell, and a web server for /www.</summary>
    public string WebImage => Settings["WEB_IMAGE"];

    /// <summary>What operators have asked of the API server in this run of the tests.</summary>
    public OperatorRequests Requests { get; } = new(Repository.PathOf(".local/e2e/logs"));

    protected override string Instance => "e2e";

    protected override IReadOnlyList<string> Options => ["--audit-reads"];

    /// <summary>Makes an image, and brings it to where pods find it.</summary>
    /// <returns>Its reference.</returns>
    public async Task<string> ImageAsync(string kind, params IReadOnlyList<string> options)
    {
        var output = await Repository.HackAsync("images", [kind, "--name", Instance, .. options]);
        return output.Split('\n', StringSplitOptions.TrimEntries).Single(line => line.Contains($"/{kind}:", StringComparison.Ordinal) && !line.Contains(' '));
    }

    /// <summary>The same, by its digest: pods other than the node's own reach no registry on its loopback, and could not look up a tag.</summary>
    public async Task<string> PinnedImageAsync(string kind, string tag, params IReadOnlyList<string> options)
    {
        await ImageAsync(kind, ["--tag", tag, .. options]);
        return $"{Registry}/{kind}@{await DigestAsync(kind, tag)}";
    }

    /// <summary>The digest that a tag in the registry stands for.</summary>
    public async Task<string> DigestAsync(string repository, string tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri($"http://{Registry}/v2/{repository}/manifests/{tag}"));
        request.Headers.Accept.ParseAdd("application/vnd.oci.image.manifest.v1+json");
        using var response = await Http.SendAsync(request);
        return response.EnsureSuccessStatusCode().Headers.GetValues("Docker-Content-Digest").Single();
    }

    /// <summary>
    /// The operators that tests share, installed from the chart, which can build. A test that has changed them leaves that to the next one.
    /// </summary>
    public async Task<OperatorInstallation> OperatorAsync()
    {
        _usual ??= await OperatorManifests.OfChartAsync(this, await BuilderValuesAsync());
        if (_installation is not { } installation)
        {
            return _installation = await OperatorInstallation.InstallAsync(this, _usual);
        }

        if (installation.Manifests != _usual)
        {
            await installation.ApplyAsync(_usual);
        }

        return installation;
    }

    /// <summary>Operators from other manifests, with a ledger of their own; those that tests share go before, and the definitions with them.</summary>
    public async Task<OperatorInstallation> InstallAsync(string manifests)
    {
        await UninstallAsync();
        await ClearAsync();
        await Kubectl.Run("delete", "--ignore-not-found", "--filename", Repository.PathOf("config/crd"));
        return await OperatorInstallation.InstallAsync(this, manifests);
    }

    /// <summary>Removes the operators that tests share; whoever asks for them next gets others.</summary>
    public async Task UninstallAsync()
    {
        await (_installation?.DisposeAsync() ?? ValueTask.CompletedTask);
        _installation = null;
    }

    /// <summary>Values of the chart for operators that can build: the builder image, the registry, and what else the configuration has.</summary>
    public async Task<JsonObject> BuilderValuesAsync(params IReadOnlyList<KeyValuePair<string, JsonNode?>> more) => new()
    {
        ["options"] = new JsonObject { ["logLevel"] = "debug", ["builderImage"] = await ImageAsync("builder"), ["registry"] = Registry },
        // The registry is on the node's loopback.
        ["builds"] = new JsonObject { ["config"] = new JsonObject([KeyValuePair.Create<string, JsonNode?>("hostNetwork", true), .. more]) },
    };

    /// <summary>A new, empty database that pods reach, on a server of this cluster's own.</summary>
    public async Task<PostgresDatabase> NewDatabaseAsync() =>
        await (await PostgresServer.StartAsync(Instance, Settings["HOST_ADDRESS"])).CreateAsync();

    public Task<GitRepository> NewRepositoryAsync() =>
        GitRepository.CreateAsync(Settings["GIT_FOLDER"], Settings["GIT_URL"], $"app-{Guid.NewGuid().ToString("N")[..8]}");

    /// <summary>Takes Git server and registry away until what is returned is disposed.</summary>
    public async Task<IAsyncDisposable> WithoutSourcesAsync()
    {
        await Repository.HackAsync("cluster", "stop-sources", "--name", Instance);
        return new Outage(Instance);
    }

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Requests.BeginAsync();
    }

    public override async Task DisposeAsync()
    {
        await UninstallAsync();
        await base.DisposeAsync();
    }

    /// <summary>What is installed brings the definitions and the roles.</summary>
    protected override Task DefineAsync() => Task.CompletedTask;

    private sealed class Outage(string instance) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await Repository.HackAsync("cluster", "start-sources", "--name", instance);
    }
}

/// <summary>The one cluster with a node, for one test after the other.</summary>
[CollectionDefinition(Name)]
public sealed class NodeCollection : ICollectionFixture<NodeCluster>
{
    public const string Name = "node";
}
