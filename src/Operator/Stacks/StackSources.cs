using System.Globalization;
using System.Text.Json;
using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Kubernetes;
using Slipway.Ledger;
using Slipway.Operator.Releases;
using Slipway.Runtime.Caching;

namespace Slipway.Operator.Stacks;

/// <summary>
/// Makes one Deployment for each change of a stack's own source. The ledger decides first, under the stack's lock, which one that is;
/// then it is created, and then noted as made. Cut off anywhere, the next pass makes the same object, and nobody makes it twice.
/// </summary>
public sealed class StackSources(KubeClient client, IStore<Deployment> deployments, ReleaseLedger ledger)
{
    /// <param name="stack">The stack.</param>
    /// <param name="row">The same in the ledger, with the baseline of this generation.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>Why the Deployment cannot be made; null when nothing is in the way.</returns>
    public async Task<StackProblem?> FollowAsync(Stack stack, StackRow row, CancellationToken cancellationToken)
    {
        var uid = Guid.Parse(stack.Metadata.Uid!, CultureInfo.InvariantCulture);
        var decision = await ledger.DecideSourceAsync(uid, Ask(stack, row.EnvBaselineRevision), cancellationToken);
        if (decision is not { Made: false, Deployment: { } name, Spec: { } source })
        {
            return null;
        }

        var deployment = Manifest(stack, name, decision.Generation, JsonSerializer.Deserialize(source, CrdsJson.Default.ReleaseSource)!);
        if (!await MadeDeployments.CreateAsync(client, stack, deployment, cancellationToken))
        {
            return new StackProblem(
                Reasons.DeploymentConflict,
                $"the Deployment (deployments.slipway.dev) {name}, which spec.source is to make, exists and is not this stack's; delete it, or change the Stack once more");
        }

        await ledger.MarkSourceMadeAsync(uid, name, cancellationToken);
        return null;
    }

    /// <summary>The name says which generation it is of; a name that somebody else has gets a suffix of its own.</summary>
    public static string NameOf(Stack stack, bool taken)
    {
        var generation = (stack.Metadata.Generation ?? 0).ToString(CultureInfo.InvariantCulture);
        var suffix = taken ? $"-{generation}-{Hash($"{stack.Metadata.Uid}/{generation}")[..6]}" : $"-{generation}";
        return MadeDeployments.NameOf(stack.Metadata.Name!, suffix);
    }

    /// <summary>What this generation of a stack says about its own source.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="deployment">Name of the Deployment to make, if one is to be made.</param>
    /// <param name="baseline">The revision that its <c>spec.env</c> made last: another one is a change as that of the template is.</param>
    public static SourceAsk AskOf(Stack stack, string deployment, long? baseline)
    {
        var template = Hash(ReleaseTemplate.Of(stack.Spec).ToJson() + baseline?.ToString(CultureInfo.InvariantCulture));
        var generation = stack.Metadata.Generation ?? 0;
        if (stack.Spec.Source is not { } wanted)
        {
            return new SourceAsk(generation, "", template, "", "{}", "{}");
        }

        var source = Write(wanted.ToRelease());
        return new SourceAsk(generation, Hash(source), template, deployment, source, Write(new ReleaseSource { Current = new CurrentSource() }));
    }

    public static string Write(ReleaseSource source) => JsonSerializer.Serialize(source, CrdsJson.Default.ReleaseSource);

    private SourceAsk Ask(Stack stack, long? baseline)
    {
        var name = NameOf(stack, taken: false);
        var known = deployments.Get(new NamespacedName(stack.Metadata.Namespace!, name));
        var taken = known is not null && known.Metadata.Controller()?.Uid != stack.Metadata.Uid;
        return AskOf(stack, taken ? NameOf(stack, taken) : name, baseline);
    }

    /// <summary>
    /// The token makes every change a run of its own, also when a stack that was restored from a backup counts its generations anew.
    /// </summary>
    private static Deployment Manifest(Stack stack, string name, long generation, ReleaseSource source) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = name,
            Namespace = stack.Metadata.Namespace,
            Labels = ReleaseLabels.Made(stack.Metadata.Name!),
            Annotations = new Dictionary<string, string>
            {
                [WellKnown.Annotations.Rerun] = $"{generation.ToString(CultureInfo.InvariantCulture)}-{Hash(stack.Metadata.Uid!)[..8]}",
            },
            OwnerReferences = [WorkloadManifest.OwnerOf(stack)],
        },
        Spec = new DeploymentSpec { Stack = stack.Metadata.Name!, Source = source, RequestedBy = $"{Stack.Type.Plural}/{stack.Metadata.Name}" },
    };

    private static string Hash(string text) => MadeDeployments.Hash(text);
}
