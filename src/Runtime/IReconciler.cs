using Slipway.Crds.Meta;

namespace Slipway.Runtime;

/// <summary>
/// Brings one object's world to what its spec says. Level-triggered: it is told which object, never what happened,
/// and must be right if called once for many changes, or again for none.
/// </summary>
public interface IReconciler
{
    /// <summary>
    /// Looks at the object and does what is missing. The same key is never reconciled twice at once. Any exception is
    /// isolated to the key, reported, and answered with the key's backoff.
    /// </summary>
    Task<Next> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken);
}
