using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Faults;

namespace Slipway.Operator;

/// <summary>Whole lists, page by page, as they are on the API server and not in a cache.</summary>
internal static class Pages
{
    private const int Size = 500;

    /// <summary>Every object of a kind; <paramref name="skipped"/> is called for each that does not fit the type.</summary>
    /// <exception cref="ApiException">With <see cref="ApiException.IsNotFound"/> when the cluster does not know the kind.</exception>
    public static async Task<List<T>> ListAllAsync<T>(
        this KubeClient client, ListOptions options, Action<UndecodableObject> skipped, CancellationToken cancellationToken)
        where T : class, IResource<T>
    {
        var items = new List<T>();
        var unfit = new List<UndecodableObject>();
        var next = options with { Limit = Size };
        do
        {
            try
            {
                var page = await client.ListAsync<T>(next, cancellationToken);
                items.AddRange(page.Items);
                unfit.AddRange(page.Skipped);
                next = next with { Continue = page.Continue ?? "" };
            }
            catch (ApiException error) when (error.IsGone && next.Continue is not null)
            {
                // The pages have grown too old: from the start.
                items.Clear();
                unfit.Clear();
                next = next with { Continue = null };
            }
        }
        while (next.Continue is not "");

        unfit.ForEach(skipped);
        return items;
    }
}
