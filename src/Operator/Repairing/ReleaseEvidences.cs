using System.Globalization;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Ledger;
using Slipway.Operator.Builds;
using Slipway.Operator.Deployments;
using Slipway.Operator.Registry;
using Slipway.Operator.Releases;

namespace Slipway.Operator.Repairing;

/// <summary>What objects tell of single releases. Pure.</summary>
public static class ReleaseEvidences
{
    /// <summary>What a Deployment's status tells; null when it tells of no release.</summary>
    /// <param name="deployment">The object.</param>
    /// <param name="stack">Its stack, as it is now; null if there is none.</param>
    /// <param name="running">What the workload runs, if it is this release.</param>
    public static ReleaseEvidence? Of(Deployment deployment, Stack? stack, ReleaseTemplate? running)
    {
        if (deployment.Status is not { Transitions: { Count: > 0 } transitions } status)
        {
            return null;
        }

        var source = deployment.Spec.Source;
        return new ReleaseEvidence
        {
            Uid = Observer.Uid(deployment),
            Name = deployment.Metadata.Name!,
            StackUid = Guid.TryParse(status.StackUid, CultureInfo.InvariantCulture, out var uid) ? uid : null,
            SpecHash = status.SpecHash ?? DeploymentSpecHash.Of(deployment.Spec),
            RerunToken = Observer.RerunToken(deployment),
            Version = VersionOf(status.Version),
            Source = source.Kind(),
            RollbackTo = source.RollbackTo(),
            Image = source.Image,
            ImageReference = status.ImageReference,
            Digest = DigestOf(status.ImageReference),
            Template = TemplateOf(stack, running),
            Build = source.IsBuilt() ? new BuildSnapshot(source, stack?.Spec.Build).ToJson() : null,
            Revision = status.Revision,
            EnvRevision = status.EnvRevision,
            RequestedBy = deployment.Spec.RequestedBy,
            LogTail = status.Failure?.LogTail,
            Attempts = status.Allocation?.Attempts ?? 0,
            Collisions = status.Allocation?.Collisions ?? 0,
            AskedAt = deployment.Metadata.CreationTimestamp,
            SupersededBy = VersionOf(status.SupersededBy),
            Moves = [.. transitions.Select(move => new MoveEvidence(move.To.ToLedger(), move.At, ReasonOf(move, status), move.Message ?? ""))],
        };
    }

    /// <summary>What a Stack's status tells of releases whose objects are gone: enough that no version is handed out again.</summary>
    public static IEnumerable<ReleaseEvidence> OfPruned(Stack stack, IReadOnlySet<string> told, DateTimeOffset now)
    {
        var status = stack.Status ?? new StackStatus();
        var active = status is { ActiveVersion: not null, ActiveDeployment: { } name }
            ? new ReleaseSummary { Version = status.ActiveVersion, Deployment = name, Phase = DeploymentPhase.Active, Image = status.ActiveImage }
            : null;
        return (status.Releases ?? []).Append(active).OfType<ReleaseSummary>()
            .Where(one => one.Version is not null && !told.Contains(one.Version))
            .DistinctBy(one => one.Version)
            .Select(one => OfPruned(stack, one, now));
    }

    private static ReleaseEvidence OfPruned(Stack stack, ReleaseSummary summary, DateTimeOffset now)
    {
        var at = summary.FinishedAt ?? now;
        return new ReleaseEvidence
        {
            Uid = Guid.NewGuid(),
            Name = summary.Deployment,
            StackUid = Observer.Uid(stack),
            SpecHash = $"unknown since version {summary.Version}",
            Version = VersionOf(summary.Version),
            ImageReference = summary.Image,
            Digest = DigestOf(summary.Image),
            Template = TemplateOf(stack, null),
            Moves = [.. PhasesOf(summary).Select(phase => new MoveEvidence(phase, at, Crds.Reasons.LedgerBehind, "The ledger was repaired from the status of the Stack."))],
        };
    }

    /// <summary>Only what is said to have run counts as having run: that can be rolled back to.</summary>
    private static ReleasePhase[] PhasesOf(ReleaseSummary summary) => summary.Phase switch
    {
        DeploymentPhase.Active when summary.Image is not null => [ReleasePhase.Pending, ReleasePhase.Activating, ReleasePhase.Active],
        DeploymentPhase.RolledBack when summary.Image is not null =>
            [ReleasePhase.Pending, ReleasePhase.Activating, ReleasePhase.Active, ReleasePhase.RolledBack],
        DeploymentPhase.Failed => [ReleasePhase.Pending, ReleasePhase.Failed],
        DeploymentPhase.Superseded or DeploymentPhase.Active or DeploymentPhase.RolledBack => [ReleasePhase.Pending, ReleasePhase.Superseded],
        DeploymentPhase.Pending or DeploymentPhase.Building or DeploymentPhase.Pushing or DeploymentPhase.Activating
            or DeploymentPhase.Cancelled => [ReleasePhase.Pending, ReleasePhase.Cancelled],
    };

    private static ReleasePhase ToLedger(this DeploymentPhase phase) => phase switch
    {
        DeploymentPhase.Pending => ReleasePhase.Pending,
        DeploymentPhase.Building => ReleasePhase.Building,
        DeploymentPhase.Pushing => ReleasePhase.Pushing,
        DeploymentPhase.Activating => ReleasePhase.Activating,
        DeploymentPhase.Active => ReleasePhase.Active,
        DeploymentPhase.Superseded => ReleasePhase.Superseded,
        DeploymentPhase.RolledBack => ReleasePhase.RolledBack,
        DeploymentPhase.Failed => ReleasePhase.Failed,
        DeploymentPhase.Cancelled => ReleasePhase.Cancelled,
    };

    private static string ReasonOf(PhaseTransition move, DeploymentStatus status) =>
        move.Reason ?? (move.To == DeploymentPhase.Failed ? status.Failure?.Reason ?? Crds.Reasons.LedgerBehind : "");

    private static string TemplateOf(Stack? stack, ReleaseTemplate? running) =>
        (running ?? (stack is null ? null : ReleaseTemplate.Of(stack.Spec)))?.ToJson() ?? "{}";

    private static string? DigestOf(string? reference) => reference is null ? null : ImageReference.Parse(reference)?.Digest;

    private static ReleaseVersion? VersionOf(string? text) => ReleaseVersion.TryParse(text, out var version) ? version : null;
}
