using Slipway.Testing;
using Slipway.Testing.Cluster;
using Xunit;

namespace Slipway.EndToEnd;

/// <summary>The local cluster with its node: real pods, real images, a real registry, a Git server.</summary>
public sealed class NodeCluster : LocalCluster
{
    /// <summary>The address of the node's registry, on this machine as in pods with hostNetwork.</summary>
    public string Registry => Settings["REGISTRY"];

    /// <summary>An image to build on: a shell, and a web server for /www.</summary>
    public string WebImage => Settings["WEB_IMAGE"];

    protected override string Instance => "e2e";

    protected override IReadOnlyList<string> Options => [];

    /// <summary>Makes an image, and brings it to where pods find it.</summary>
    /// <returns>Its reference.</returns>
    public async Task<string> ImageAsync(string kind, params IReadOnlyList<string> options)
    {
        var output = await Repository.HackAsync("images", [kind, "--name", Instance, .. options]);
        return output.Split('\n', StringSplitOptions.TrimEntries).Single(line => line.Contains($"/{kind}:", StringComparison.Ordinal) && !line.Contains(' '));
    }

    /// <summary>What an operator is told so that it can build: the builder image, the registry, and a file with <paramref name="more"/>.</summary>
    public async Task<string[]> BuilderOptionsAsync(string more = "")
    {
        // The registry is on the node's loopback.
        var file = Repository.PathOf($".local/{Instance}/build.yaml");
        await File.WriteAllTextAsync(file, $"hostNetwork: true\n{more}\n");
        return ["--builder-image", await ImageAsync("builder"), "--registry", Registry, "--build-config", file];
    }

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
