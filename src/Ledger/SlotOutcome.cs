namespace Slipway.Ledger;

/// <summary>The image of a release, resolved as far as its registry allows.</summary>
/// <param name="Reference">What the workload is to run.</param>
/// <param name="Digest">Its digest; null if only a node knows it.</param>
/// <param name="Digests">All digests that mean the same image.</param>
/// <param name="Pinned">Whether the reference pins the digest; then there must be one.</param>
public sealed record ResolvedImage(string Reference, string? Digest, IReadOnlyList<string> Digests, bool Pinned);

/// <summary>What became of a request for the activation slot.</summary>
public enum SlotKind
{
    /// <summary>The release is Activating, now or since an earlier call.</summary>
    Taken,

    /// <summary>The slot is held, or a higher version waits for it. No deadline runs; ask again when the holder has moved on.</summary>
    Waiting,

    /// <summary>A higher version is active already: the release has ended.</summary>
    Superseded,

    /// <summary>The release has moved on otherwise (cancelled, failed, or not there yet); nothing was written.</summary>
    Refused,
}

/// <summary>What became of a request for the activation slot.</summary>
/// <param name="Kind">Which of them it is.</param>
/// <param name="Release">The release as it is now.</param>
/// <param name="Holder">What stands in the way, for <see cref="SlotKind.Waiting"/>.</param>
public sealed record SlotOutcome(SlotKind Kind, ReleaseRow Release, ReleaseRow? Holder = null);
