namespace Slipway.Ledger;

/// <summary>
/// Where a release stands. The legal moves between phases are the rows of <c>slipway.legal_transitions</c>; the database refuses
/// every other one.
/// </summary>
public enum ReleasePhase
{
    /// <summary>Admitted, with its version; nothing has been done yet.</summary>
    Pending,

    /// <summary>Its image is being built.</summary>
    Building,

    /// <summary>Its image is being pushed to the registry.</summary>
    Pushing,

    /// <summary>It holds the stack's activation slot: the workload follows it.</summary>
    Activating,

    /// <summary>It is what runs.</summary>
    Active,

    /// <summary>Terminal: a newer release took its place, or overtook it before it was active.</summary>
    Superseded,

    /// <summary>Terminal: a rollback took its place.</summary>
    RolledBack,

    /// <summary>Terminal: it did not become active; the reason says who is at fault.</summary>
    Failed,

    /// <summary>Terminal: ended on request before it was active.</summary>
    Cancelled,
}
