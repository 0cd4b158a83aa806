using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Faults;
using Slipway.Operator.Releases;

namespace Slipway.Operator.Deployments;

/// <summary>The last lines of a container's log, as far as a status has room for them.</summary>
public sealed class ContainerLog(KubeClient client)
{
    private const int Lines = 20;

    /// <summary>A server counts its limit from the first of the lines: it must not cut off the last one, which tells the most.</summary>
    private const int MostBytes = 256 * 1024;

    /// <param name="pod">The pod.</param>
    /// <param name="container">Its container.</param>
    /// <param name="previous">The log of the run before the present one.</param>
    /// <returns>At most 4 KiB; null when there is none to be had.</returns>
    public async Task<string?> TailAsync(NamespacedName pod, string container, bool previous, CancellationToken cancellationToken)
    {
        try
        {
            var options = new LogOptions { Container = container, TailLines = Lines, LimitBytes = MostBytes, Previous = previous };
            var tail = await client.LogsAsync(pod, options, cancellationToken);
            return string.IsNullOrWhiteSpace(tail) ? null : Text.CutFront(Text.Storable(tail));
        }
        catch (Exception error) when (error is ApiException or HttpRequestException or IOException)
        {
            return null;
        }
    }
}
