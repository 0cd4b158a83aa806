using Slipway.Kubernetes.Resources;

namespace Slipway.Kubernetes.Leases;

/// <summary>What is written into a lease, at each step of a term. Pure.</summary>
internal static class LeaseSpecs
{
    /// <summary>
    /// A new term. The count rises also when the same holder takes it again (an answer was lost, or it had stopped renewing):
    /// each term has a token of its own.
    /// </summary>
    public static V1LeaseSpec Taken(V1LeaseSpec? before, string identity, LeaseOptions options, DateTimeOffset now) => new()
    {
        HolderIdentity = identity,
        LeaseDurationSeconds = (int)options.Duration.TotalSeconds,
        AcquireTime = now,
        RenewTime = now,
        LeaseTransitions = (before?.LeaseTransitions ?? -1) + 1,
    };

    public static V1LeaseSpec Renewed(V1LeaseSpec held, DateTimeOffset now) => held with { RenewTime = now };

    /// <summary>Nobody's. One second, for contenders that look at the duration and not at the holder.</summary>
    public static V1LeaseSpec Released(V1LeaseSpec held, DateTimeOffset now) =>
        held with { HolderIdentity = "", LeaseDurationSeconds = 1, RenewTime = now };

    /// <summary>Whether a lease is still in the term that the token names.</summary>
    public static bool IsOurs(V1Lease? lease, string identity, FencingToken token) =>
        lease is not null
        && lease.Metadata.Uid == token.LeaseUid
        && lease.Spec?.HolderIdentity == identity
        && lease.Spec.LeaseTransitions == token.Transitions;
}
