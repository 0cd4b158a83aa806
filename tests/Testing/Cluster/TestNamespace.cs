namespace Slipway.Testing.Cluster;

/// <summary>A namespace of one test: paths within it, and its end.</summary>
public sealed class TestNamespace(string name, ApiServer server, Kubectl kubectl) : IAsyncDisposable
{
    public string Name { get; } = name;

    public ApiServer Server { get; } = server;

    /// <summary>Path in slipway.dev/v1alpha1.</summary>
    public string Slipways(string plural, string? name = null) => Of("/apis/slipway.dev/v1alpha1", plural, name);

    /// <summary>Path in apps/v1.</summary>
    public string Apps(string plural, string? name = null) => Of("/apis/apps/v1", plural, name);

    /// <summary>Path in the core group.</summary>
    public string Core(string plural, string? name = null) => Of("/api/v1", plural, name);

    /// <summary>Path in events.k8s.io/v1.</summary>
    public string Events => Of("/apis/events.k8s.io/v1", "events", null);

    /// <summary>kubectl in this namespace.</summary>
    public Task<string> Kubectl(params IReadOnlyList<string> arguments) => kubectl.Run([.. arguments, "--namespace", Name]);

    /// <summary>kubectl apply in this namespace.</summary>
    public Task<string> Apply(string yaml) => kubectl.Apply(Name, yaml);

    /// <summary>Asks for its deletion, and does not wait.</summary>
    public async ValueTask DisposeAsync() => await Server.DeleteAsync($"/api/v1/namespaces/{Name}");

    /// <summary>Deletes it although nobody is there who would remove our finalizers.</summary>
    public async Task ForceDeleteAsync()
    {
        await Server.DeleteAsync($"/api/v1/namespaces/{Name}");
        foreach (var plural in (string[])["deployments", "envpatches", "stacks"])
        {
            foreach (var item in await Server.ListAsync(Slipways(plural)))
            {
                await Server.ForceDeleteAsync(Slipways(plural, (string)item["metadata"]!["name"]!));
            }
        }
    }

    private string Of(string root, string plural, string? name) =>
        $"{root}/namespaces/{Name}/{plural}" + (name is null ? "" : $"/{name}");
}
