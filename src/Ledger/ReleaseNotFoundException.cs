namespace Slipway.Ledger;

/// <summary>The ledger has no release for an object that ought to have one: it was never admitted, or the ledger is older than the cluster.</summary>
public sealed class ReleaseNotFoundException(Guid uid)
    : Exception($"The ledger has no release for UID {uid}: it was never admitted here, or the ledger was restored from an older backup.")
{
    public Guid Uid { get; } = uid;
}
