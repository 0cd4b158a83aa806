using System.Net;
using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Faults;

namespace Slipway.Operator.Stacks;

/// <summary>Creating what was seen to be absent.</summary>
internal static class Creation
{
    /// <summary>Creates the object; that somebody else was faster is a lost race like a stale resourceVersion, to be read and decided again.</summary>
    public static async Task<T> CreateOrConflictAsync<T>(this KubeClient client, T desired, CancellationToken cancellationToken)
        where T : class, IResource<T>
    {
        try
        {
            return await client.CreateForApplyAsync(desired, cancellationToken);
        }
        catch (ApiException error) when (error.IsAlreadyExists)
        {
            throw new ApiException(error.Message, (int)HttpStatusCode.Conflict, "Conflict", innerException: error);
        }
    }
}
