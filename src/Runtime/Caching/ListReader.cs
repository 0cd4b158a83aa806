using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Faults;

namespace Slipway.Runtime.Caching;

/// <summary>Reads a whole list, page by page where the server pages.</summary>
internal sealed class ListReader<T>(KubeClient client, InformerScope scope, ReflectorOptions options)
    where T : class, IResource<T>
{
    private bool _inOnePiece;

    /// <param name="version">"0": whatever the server has cached. Null: the latest state.</param>
    /// <exception cref="ApiException">Also when a page's token expired; the next call then reads in one piece.</exception>
    public async Task<ResourceList<T>> ReadAsync(string? version, CancellationToken cancellationToken)
    {
        var page = await client.ListAsync<T>(First(version), cancellationToken);
        var items = new List<T>(page.Items);
        var skipped = new List<UndecodableObject>(page.Skipped);
        try
        {
            while (!string.IsNullOrEmpty(page.Continue))
            {
                page = await client.ListAsync<T>(First(null) with { Continue = page.Continue }, cancellationToken);
                items.AddRange(page.Items);
                skipped.AddRange(page.Skipped);
            }
        }
        catch (ApiException error) when (error.IsGone)
        {
            // The list is longer than the server's memory of it: smaller pages would only make it worse.
            _inOnePiece = true;
            throw;
        }

        _inOnePiece = false;
        return new ResourceList<T>(items, page.ResourceVersion, null, skipped);
    }

    private ListOptions First(string? version) => new()
    {
        Namespace = scope.Namespace,
        LabelSelector = scope.LabelSelector,
        FieldSelector = scope.FieldSelector,
        ResourceVersion = version,
        Limit = _inOnePiece ? null : options.PageSize,
    };
}
