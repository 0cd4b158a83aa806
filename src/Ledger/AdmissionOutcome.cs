namespace Slipway.Ledger;

/// <summary>What became of a request for admission.</summary>
public enum AdmissionKind
{
    /// <summary>It is Pending, with a version of its own.</summary>
    Admitted,

    /// <summary>The ledger has a release for this object, or for one that said the same: that one is the answer.</summary>
    AlreadyKnown,

    /// <summary>Another release is in flight. Nothing was written; ask again when it has ended.</summary>
    Waiting,

    /// <summary>It ended before it was admitted, without a version: the policy, or what it asks for, leaves it no place.</summary>
    Refused,

    /// <summary>The cluster has seen a version that the ledger does not know. Nothing was written, and no version handed out.</summary>
    LedgerBehind,

    /// <summary>The stack is not registered yet.</summary>
    StackUnknown,

    /// <summary>The stack is being torn down, or gone.</summary>
    StackDeleting,
}

/// <summary>What became of a request for admission, with the release it is about.</summary>
public sealed record AdmissionOutcome
{
    private AdmissionOutcome(AdmissionKind kind, ReleaseRow? release = null, ReleaseRow? holder = null) =>
        (Kind, Release, Holder) = (kind, release, holder);

    public AdmissionKind Kind { get; }

    /// <summary>The release; present for <see cref="AdmissionKind.Admitted"/>, <see cref="AdmissionKind.AlreadyKnown"/> and <see cref="AdmissionKind.Refused"/>.</summary>
    public ReleaseRow? Release { get; }

    /// <summary>The release in flight that stands in the way; present for <see cref="AdmissionKind.Waiting"/>.</summary>
    public ReleaseRow? Holder { get; }

    public static AdmissionOutcome StackUnknown { get; } = new(AdmissionKind.StackUnknown);

    public static AdmissionOutcome StackDeleting { get; } = new(AdmissionKind.StackDeleting);

    public static AdmissionOutcome LedgerBehind { get; } = new(AdmissionKind.LedgerBehind);

    public static AdmissionOutcome Refused(ReleaseRow release) => new(AdmissionKind.Refused, release);

    public static AdmissionOutcome Admitted(ReleaseRow release) => new(AdmissionKind.Admitted, release);

    public static AdmissionOutcome AlreadyKnown(ReleaseRow release) => new(AdmissionKind.AlreadyKnown, release);

    public static AdmissionOutcome Waiting(ReleaseRow holder) => new(AdmissionKind.Waiting, holder: holder);
}
