using System.Text.Json;
using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Faults;
using Slipway.Retry;

namespace Slipway.Runtime;

/// <summary>
/// Writes a computed status: nothing when the object has it already, and never over a newer spec than it was computed from.
/// </summary>
/// <param name="client">Where it is written.</param>
/// <param name="retry">How often a lost race is run again.</param>
public sealed class StatusWriter<T, TStatus>(KubeClient client, ConflictRetry retry)
    where T : class, IResource<T>, IStatused<TStatus>
    where TStatus : class
{
    /// <summary>
    /// Makes the status the object's status. When somebody else wrote the object meanwhile, the write is repeated on the
    /// fresh object if that still has the UID and generation the status was computed from; otherwise nothing is
    /// written, and the change that moved it wakes the key anyway.
    /// </summary>
    /// <returns>The object as it now is on the server, as far as known.</returns>
    /// <exception cref="ResourceVersionConflictException">Every attempt lost its race.</exception>
    public async Task<T> WriteAsync(T resource, TStatus status, CancellationToken cancellationToken)
    {
        var wanted = Serialize(status);
        if (Has(resource, wanted))
        {
            return resource;
        }

        return await retry.RetryOnConflictAsync(
            T.Type,
            NamespacedName.Of(resource),
            (attempt, token) => AttemptAsync(attempt, resource, status, wanted, token),
            cancellationToken);
    }

    private async Task<T> AttemptAsync(int attempt, T computedFrom, TStatus status, byte[] wanted, CancellationToken cancellationToken)
    {
        var target = attempt == 1 ? computedFrom : await client.RefreshAsync<T>(NamespacedName.Of(computedFrom), cancellationToken);
        if (target is null)
        {
            return computedFrom;
        }

        if (HasMoved(computedFrom, target) || Has(target, wanted))
        {
            return target;
        }

        return await ReplaceAsync(target, status, cancellationToken);
    }

    private async Task<T> ReplaceAsync(T target, TStatus status, CancellationToken cancellationToken)
    {
        try
        {
            return await client.ReplaceStatusAsync(target, status, cancellationToken);
        }
        catch (ApiException error) when (error.IsNotFound)
        {
            return target;
        }
    }

    private static bool HasMoved(T computedFrom, T fresh) =>
        fresh.Metadata.Uid != computedFrom.Metadata.Uid || fresh.Metadata.Generation != computedFrom.Metadata.Generation;

    private static bool Has(T resource, byte[] wanted) =>
        resource.Status is { } status && Serialize(status).AsSpan().SequenceEqual(wanted);

    private static byte[] Serialize(TStatus status) => JsonSerializer.SerializeToUtf8Bytes(status, T.StatusJson);
}
