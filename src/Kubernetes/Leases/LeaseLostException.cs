using Slipway.Crds.Meta;

namespace Slipway.Kubernetes.Leases;

/// <summary>The lease was lost before the work under it had ended: somebody else may hold it by now.</summary>
public sealed class LeaseLostException(NamespacedName lease, string reason, Exception? innerException = null)
    : Exception($"The lease {lease} was lost: {reason}", innerException)
{
    public NamespacedName Lease { get; } = lease;

    /// <summary>Why, without the lease's name.</summary>
    public string Reason { get; } = reason;
}
