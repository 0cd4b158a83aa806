using System.Text.Json.Nodes;
using Slipway.Crds.Meta;
using Slipway.Testing;
using Slipway.Testing.Cluster;

namespace Slipway.Operator.Tests.Integration;

/// <summary>
/// The roles of an operator that is restricted to namespaces, from the files that people install them from, for a service account of
/// its own: what else the cluster gives to others is no help to it.
/// </summary>
public sealed class RestrictedAccess : IAsyncDisposable
{
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";
    private readonly ApiServer _server;
    private readonly List<string> _made = [];

    private RestrictedAccess(ApiServer server, string home) => (_server, Account) = (server, new NamespacedName(home, "restricted"));

    public NamespacedName Account { get; }

    /// <param name="server">Whose roles they are.</param>
    /// <param name="home">The operator's own namespace.</param>
    /// <param name="namespaces">Those that it works in.</param>
    public static async Task<RestrictedAccess> CreateAsync(ApiServer server, string home, params IReadOnlyList<string> namespaces)
    {
        var access = new RestrictedAccess(server, home);
        await access.ApplyAsync("components/restricted/cluster_role.yaml", "clusterroles", null);
        await access.ApplyAsync("rbac/cluster_role_binding.yaml", "clusterrolebindings", null);
        await access.ApplyAsync("components/restricted/role.yaml", "roles", home);
        await access.ApplyAsync("rbac/role_binding.yaml", "rolebindings", home);
        await access.ApplyAsync("components/restricted/events_role.yaml", "roles", "kube-system");
        await access.ApplyAsync("components/restricted/events_role_binding.yaml", "rolebindings", "kube-system");
        foreach (var name in namespaces)
        {
            await access.GrantAsync(name);
        }

        return access;
    }

    /// <summary>Lets it work in a namespace.</summary>
    public async Task GrantAsync(string @namespace)
    {
        await ApplyAsync("namespace/role.yaml", "roles", @namespace);
        await ApplyAsync("namespace/role_binding.yaml", "rolebindings", @namespace);
    }

    /// <summary>Takes away what it may do in a namespace, as its deletion does.</summary>
    public Task RevokeAsync(string @namespace) => _server.DeleteAsync(
        _made.First(path => path.StartsWith($"{Rbac}/namespaces/{@namespace}/rolebindings/", StringComparison.Ordinal)));

    public async ValueTask DisposeAsync()
    {
        foreach (var path in _made)
        {
            await _server.DeleteAsync(path);
        }
    }

    /// <summary>Under a name of its own, and bound to the account of this one.</summary>
    private async Task ApplyAsync(string file, string plural, string? @namespace)
    {
        var item = Yaml.Read(await File.ReadAllTextAsync(Repository.PathOf($"config/{file}")));
        var name = Account.Namespace;
        item["metadata"]!["name"] = name;
        if (@namespace is not null)
        {
            item["metadata"]!["namespace"] = @namespace;
        }

        if (item["roleRef"] is { } role)
        {
            role["name"] = name;
            item["subjects"] = new JsonArray(
                new JsonObject { ["kind"] = "ServiceAccount", ["name"] = Account.Name, ["namespace"] = Account.Namespace });
        }

        var path = Rbac + (@namespace is null ? "" : $"/namespaces/{@namespace}") + $"/{plural}/{name}";
        await _server.ApplyAsync(path, item);
        _made.Add(path);
    }
}
