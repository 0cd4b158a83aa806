namespace Slipway.Crds.V1Alpha1.Deployments;

/// <summary>Where a release stands. The legal moves are <see cref="DeploymentPhases.Moves"/>, and nothing else.</summary>
public enum DeploymentPhase
{
    Pending,
    Building,
    Pushing,
    Activating,
    Active,
    Superseded,
    RolledBack,
    Failed,
    Cancelled,
}

/// <summary>The release state machine: one table.</summary>
public static class DeploymentPhases
{
    private static readonly Dictionary<DeploymentPhase, DeploymentPhase[]> Table = new()
    {
        [DeploymentPhase.Pending] =
        [
            DeploymentPhase.Building, DeploymentPhase.Activating,
            DeploymentPhase.Failed, DeploymentPhase.Cancelled, DeploymentPhase.Superseded,
        ],
        [DeploymentPhase.Building] =
            [DeploymentPhase.Pushing, DeploymentPhase.Failed, DeploymentPhase.Cancelled, DeploymentPhase.Superseded],
        [DeploymentPhase.Pushing] =
            [DeploymentPhase.Activating, DeploymentPhase.Failed, DeploymentPhase.Cancelled, DeploymentPhase.Superseded],
        [DeploymentPhase.Activating] =
            [DeploymentPhase.Active, DeploymentPhase.Failed, DeploymentPhase.Cancelled, DeploymentPhase.Superseded],
        [DeploymentPhase.Active] = [DeploymentPhase.Superseded, DeploymentPhase.RolledBack],
        [DeploymentPhase.Superseded] = [],
        [DeploymentPhase.RolledBack] = [],
        [DeploymentPhase.Failed] = [],
        [DeploymentPhase.Cancelled] = [],
    };

    /// <summary>Every legal move, in the order of the phases.</summary>
    public static IEnumerable<(DeploymentPhase From, DeploymentPhase To)> Moves =>
        Table.SelectMany(row => row.Value.Select(to => (row.Key, to)));

    public static bool Transition(DeploymentPhase from, DeploymentPhase to) => Table[from].Contains(to);

    /// <summary>Nothing follows any more.</summary>
    public static bool IsTerminal(this DeploymentPhase phase) => Table[phase].Length == 0;

    /// <summary>Admitted and not yet decided: the release holds, or shares, the stack's lock.</summary>
    public static bool IsInFlight(this DeploymentPhase phase) => phase switch
    {
        DeploymentPhase.Pending or DeploymentPhase.Building or DeploymentPhase.Pushing or DeploymentPhase.Activating => true,
        DeploymentPhase.Active or DeploymentPhase.Superseded or DeploymentPhase.RolledBack => false,
        DeploymentPhase.Failed or DeploymentPhase.Cancelled => false,
    };
}
