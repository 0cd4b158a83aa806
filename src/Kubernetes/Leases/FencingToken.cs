namespace Slipway.Kubernetes.Leases;

/// <summary>
/// Names one term of a lease. Of two terms of the same Lease the later one compares greater, also when the Lease was deleted and
/// created again in between. A resource that remembers the greatest token it has seen, and refuses smaller ones, cannot be
/// written by a holder that was paused beyond its term.
/// </summary>
/// <param name="LeaseUid">UID of the Lease object.</param>
/// <param name="Transitions">Its <c>leaseTransitions</c>: unique among the terms of one Lease object.</param>
/// <param name="Version">The <c>resourceVersion</c> that began the term: rises over the whole history of the cluster.</param>
public sealed record FencingToken(string LeaseUid, int Transitions, string Version) : IComparable<FencingToken>
{
    /// <exception cref="InvalidOperationException">The versions are no integers: this API server gives no order.</exception>
    public int CompareTo(FencingToken? other) =>
        other is null ? 1
        : LeaseUid == other.LeaseUid ? Transitions.CompareTo(other.Transitions)
        : ResourceVersions.Compare(Version, other.Version)
            ?? throw new InvalidOperationException($"Versions {Version} and {other.Version} cannot be compared.");

    public override string ToString() => $"{LeaseUid}/{Transitions}@{Version}";
}
