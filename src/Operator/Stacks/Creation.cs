using System.Net;
using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Faults;

namespace Slipway.Operator.Stacks;

/// <summary>Creating what was seen to be absent.</summary>
internal static class Creation
{
    /// <summary>Creates an object that is applied later; that somebody else was faster is a lost race like a stale resourceVersion, to be read and decided again.</summary>
    public static Task<T> CreateOrConflictAsync<T>(this KubeClient client, T desired, CancellationToken cancellationToken)
        where T : class, IResource<T> =>
        OrConflictAsync(client.CreateForApplyAsync(desired, cancellationToken));

    /// <summary>The same for an object that never changes: one write.</summary>
    public static Task<T> CreateUnchangingOrConflictAsync<T>(this KubeClient client, T desired, CancellationToken cancellationToken)
        where T : class, IResource<T> =>
        OrConflictAsync(client.CreateAsync(desired, cancellationToken));

    private static async Task<T> OrConflictAsync<T>(Task<T> creation)
    {
        try
        {
            return await creation;
        }
        catch (ApiException error) when (error.IsAlreadyExists)
        {
            throw new ApiException(error.Message, (int)HttpStatusCode.Conflict, "Conflict", innerException: error);
        }
    }
}
