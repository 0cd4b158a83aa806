using Slipway.Crds.Meta;
using Slipway.Kubernetes;

namespace Slipway.Operator;

/// <summary>Where the operator works. What is in other namespaces it neither sees nor judges, although the ledger may know of it.</summary>
/// <param name="names">Their names; empty for all.</param>
public sealed class WatchedNamespaces(IReadOnlyList<string> names)
{
    /// <summary>All of them.</summary>
    public static WatchedNamespaces All { get; } = new([]);

    /// <summary>Their names; empty for all.</summary>
    public IReadOnlyList<string> Names => names;

    public bool Contains(string @namespace) => names.Count == 0 || names.Contains(@namespace);

    /// <summary>Every object of a kind there, by the API server's own word; what cannot be read is left out.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(KubeClient client, CancellationToken cancellationToken)
        where T : class, IResource<T>
    {
        var all = new List<T>();
        foreach (var scope in Scopes())
        {
            all.AddRange(await client.ListAllAsync<T>(scope, _ => { }, cancellationToken));
        }

        return all;
    }

    /// <summary>Fails when objects of the kind cannot be listed: without its definition every object seems to be gone.</summary>
    public Task ProveAsync<T>(KubeClient client, CancellationToken cancellationToken)
        where T : class, IResource<T> =>
        client.ListAsync<T>(Scopes().First() with { Limit = 1 }, cancellationToken);

    private IEnumerable<ListOptions> Scopes() =>
        names.Count == 0 ? [new ListOptions()] : names.Select(name => new ListOptions { Namespace = name });
}
