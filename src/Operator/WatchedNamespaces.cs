using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Faults;

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

    /// <summary>Every object of a kind there, by the API server's own word. Left out is what cannot be read, and a namespace that may not be looked at.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(KubeClient client, CancellationToken cancellationToken)
        where T : class, IResource<T>
    {
        var all = new List<T>();
        foreach (var scope in Scopes())
        {
            try
            {
                all.AddRange(await client.ListAllAsync<T>(scope, _ => { }, cancellationToken));
            }
            catch (ApiException error) when (error.IsForbidden && names.Count > 0)
            {
                // It was deleted, and the role in it: see Presence.
            }
        }

        return all;
    }

    private IEnumerable<ListOptions> Scopes() =>
        names.Count == 0 ? [new ListOptions()] : names.Select(name => new ListOptions { Namespace = name });
}
