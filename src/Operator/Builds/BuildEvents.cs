using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Resources;

namespace Slipway.Operator.Builds;

/// <summary>
/// Why a build does not begin, where neither Job nor pod says it: a quota that admits no pod, a Secret or ConfigMap that is not
/// there. Only events tell. A help to people, never a condition for failing.
/// </summary>
public sealed class BuildEvents(KubeClient client)
{
    /// <summary>The newest warning about the build's pod, else about its Job; null when there is none to be had.</summary>
    public async Task<string?> CauseAsync(V1Job job, NamespacedName? pod, CancellationToken cancellationToken)
    {
        var ofPod = pod is { } one ? await NewestAsync(one, V1Pod.Type.Kind, cancellationToken) : null;
        return ofPod ?? await NewestAsync(NamespacedName.Of(job), V1Job.Type.Kind, cancellationToken);
    }

    private async Task<string?> NewestAsync(NamespacedName regarding, string kind, CancellationToken cancellationToken)
    {
        var options = new ListOptions
        {
            Namespace = regarding.Namespace,
            FieldSelector = $"regarding.kind={kind},regarding.name={regarding.Name},type=Warning",
        };
        try
        {
            var events = await client.ListAsync<V1Event>(options, cancellationToken);
            return events.Items
                .OrderByDescending(When)
                .Select(warning => $"{kind} {regarding.Name}: {warning.Reason}: {warning.Note}")
                .FirstOrDefault();
        }
        catch (Exception error) when (error is ApiException or HttpRequestException or IOException)
        {
            return null;
        }
    }

    // Older controllers write the older kind of event, of which the newer API shows no time but its creation.
    private static DateTimeOffset? When(V1Event warning) =>
        warning.Series?.LastObservedTime ?? warning.EventTime ?? warning.Metadata.CreationTimestamp;
}
