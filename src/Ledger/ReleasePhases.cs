namespace Slipway.Ledger;

/// <summary>Questions about phases, and their names in the database.</summary>
public static class ReleasePhases
{
    /// <summary>Whether a release in this phase still has work ahead of it: every phase before Active.</summary>
    public static bool IsInFlight(this ReleasePhase phase) => phase switch
    {
        ReleasePhase.Pending or ReleasePhase.Building or ReleasePhase.Pushing or ReleasePhase.Activating => true,
        ReleasePhase.Active or ReleasePhase.Superseded or ReleasePhase.RolledBack or ReleasePhase.Failed or ReleasePhase.Cancelled => false,
    };

    /// <summary>Whether no phase can follow.</summary>
    public static bool IsTerminal(this ReleasePhase phase) => phase != ReleasePhase.Active && !phase.IsInFlight();

    internal static string ToSql(this ReleasePhase phase) => phase switch
    {
        ReleasePhase.Pending => "pending",
        ReleasePhase.Building => "building",
        ReleasePhase.Pushing => "pushing",
        ReleasePhase.Activating => "activating",
        ReleasePhase.Active => "active",
        ReleasePhase.Superseded => "superseded",
        ReleasePhase.RolledBack => "rolled_back",
        ReleasePhase.Failed => "failed",
        ReleasePhase.Cancelled => "cancelled",
    };

    internal static ReleasePhase FromSql(string phase) => phase switch
    {
        "pending" => ReleasePhase.Pending,
        "building" => ReleasePhase.Building,
        "pushing" => ReleasePhase.Pushing,
        "activating" => ReleasePhase.Activating,
        "active" => ReleasePhase.Active,
        "superseded" => ReleasePhase.Superseded,
        "rolled_back" => ReleasePhase.RolledBack,
        "failed" => ReleasePhase.Failed,
        "cancelled" => ReleasePhase.Cancelled,
        _ => throw new InvalidDataException($"The ledger holds the phase '{phase}', which this version does not know: upgrade slipway."),
    };
}
