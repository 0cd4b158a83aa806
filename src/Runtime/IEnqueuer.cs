using Slipway.Crds.Meta;

namespace Slipway.Runtime;

/// <summary>Wakes a controller for a key from outside its watches, for example from a ledger notification.</summary>
public interface IEnqueuer
{
    /// <summary>Has the key reconciled as soon as a worker is free.</summary>
    void Enqueue(NamespacedName key);

    /// <summary>Has the key reconciled after the delay; of several delays asked for, the earliest counts.</summary>
    void EnqueueAfter(NamespacedName key, TimeSpan delay);
}
