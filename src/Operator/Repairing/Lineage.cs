using System.Globalization;
using System.Text.Json;
using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Kubernetes.Resources;
using Slipway.Ledger;
using Slipway.Operator.Deployments;
using Slipway.Operator.Releases;
using Slipway.Operator.Stacks;

namespace Slipway.Operator.Repairing;

/// <summary>Everything in the cluster that has to do with a stack's name.</summary>
/// <param name="Key">Namespace and name of the stack.</param>
/// <param name="Stack">The Stack; null if there is none, or it is on its way out.</param>
/// <param name="Deployments">Deployments (<c>slipway.dev</c>) that are for it.</param>
/// <param name="Patches">EnvPatches that are for it.</param>
/// <param name="Workload">What runs under that name, if it is ours.</param>
public sealed record Lineage(
    NamespacedName Key, Stack? Stack, IReadOnlyList<Deployment> Deployments, IReadOnlyList<EnvPatch> Patches, V1Deployment? Workload)
{
    /// <summary>What is known of it.</summary>
    /// <param name="now">The time.</param>
    /// <param name="baseline">The revision that its <c>spec.env</c> made last.</param>
    public LineageEvidence ToEvidence(DateTimeOffset now, long? baseline)
    {
        var releases = Deployments
            .Select(one => ReleaseEvidences.Of(one, Stack, RunningOf(one.Status?.Version))).OfType<ReleaseEvidence>().ToList();
        var told = releases.Select(one => one.Version?.ToString()).OfType<string>().ToHashSet();
        if (Stack is not null)
        {
            releases.AddRange(ReleaseEvidences.OfPruned(Stack, told, now));
        }

        var uid = Stack is null ? (Guid?)null : Observer.Uid(Stack);
        return new LineageEvidence(Key.Namespace, Key.Name, uid, Stamp(), releases, Source(baseline));
    }

    /// <summary>A stamp counts also on a workload that is on its way out: the next one is written from a later step.</summary>
    private long Stamp() => long.TryParse(
        Workload?.Metadata.Annotation(WellKnown.Annotations.Sequence), NumberStyles.None, CultureInfo.InvariantCulture, out var stamp) ? stamp : 0;

    /// <summary>The pod template that really runs, if it is that version's; the Stack's own may have been edited since.</summary>
    private ReleaseTemplate? RunningOf(string? version)
    {
        if (version is null || Stack is null || Workload?.Spec?.Template is not { ValueKind: JsonValueKind.Object } template
            || template.Deserialize(OperatorJson.Default.PodTemplate) is not { } pods
            || pods.Metadata?.Labels?.GetValueOrDefault(WellKnown.Labels.Version) != version)
        {
            return null;
        }

        return (ReleaseTemplate.Of(Stack.Spec) with { Template = pods }).Without(EnvSecrets.IsOne);
    }

    /// <summary>
    /// What the stack's own source has asked for: the newest Deployment that it made, if that is of the source of now. If not, the source
    /// was changed since, and asks for a release.
    /// </summary>
    private StackSourceRow? Source(long? baseline)
    {
        var made = Deployments.Where(one => Stack is not null && one.Metadata.Controller()?.Uid == Stack.Metadata.Uid && one.Spec.Source.Current?.EnvRevision is null).ToList();
        if (Stack?.Spec.Source is not { } wanted || made.MaxBy(one => one.Metadata.CreationTimestamp) is not { } newest)
        {
            return null;
        }

        var source = StackSources.Write(wanted.ToRelease());
        var asked = StackSources.Write(newest.Spec.Source);
        if (asked != source && newest.Spec.Source.Current is null)
        {
            return null;
        }

        var landed = made.Exists(one => StackSources.Write(one.Spec.Source) == source
            && one.Status?.Transitions?.Any(move => move.To == DeploymentPhase.Active) == true);
        var ask = StackSources.AskOf(Stack, newest.Metadata.Name!, baseline);
        return new StackSourceRow(ask.Generation, Made: true, landed, ask.SourceHash, ask.TemplateHash, ask.Deployment, asked);
    }
}
