using System.Globalization;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Kubernetes;
using Slipway.Ledger.Env;
using Slipway.Operator.Releases;

namespace Slipway.Operator.EnvPatches;

/// <summary>
/// Makes the release that brings a patch to what runs: once, also when somebody deletes its Deployment later. Owned by the stack, so that
/// it does not go with the patch.
/// </summary>
public sealed class EnvReleases(KubeClient client, EnvLedger ledger)
{
    /// <returns>The name of the Deployment.</returns>
    public async Task<string> MakeAsync(EnvPatch patch, EnvPatchRow row, Stack stack, CancellationToken cancellationToken)
    {
        var revision = row.Revision!.Value;
        var name = NameOf(patch.Metadata.Name!, revision, taken: false);
        if (!row.Made)
        {
            if (!await MadeDeployments.CreateAsync(client, stack, Manifest(patch, stack, name, revision), cancellationToken))
            {
                name = NameOf(patch.Metadata.Name!, revision, taken: true);
                await MadeDeployments.CreateAsync(client, stack, Manifest(patch, stack, name, revision), cancellationToken);
            }

            await ledger.MarkReleaseMadeAsync(row.Uid, cancellationToken);
        }

        return name;
    }

    public static string NameOf(string patch, long revision, bool taken)
    {
        var number = revision.ToString(CultureInfo.InvariantCulture);
        return MadeDeployments.NameOf(patch, taken ? $"-env-{number}-{MadeDeployments.Hash($"{patch}/{number}")[..6]}" : $"-env-{number}");
    }

    private static Deployment Manifest(EnvPatch patch, Stack stack, string name, long revision) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = name,
            Namespace = stack.Metadata.Namespace,
            Labels = ReleaseLabels.Made(stack.Metadata.Name!),
            OwnerReferences = [Stacks.WorkloadManifest.OwnerOf(stack)],
        },
        Spec = new DeploymentSpec
        {
            Stack = stack.Metadata.Name!,
            Source = new ReleaseSource { Current = new CurrentSource { EnvRevision = revision } },
            RequestedBy = $"{EnvPatch.Type.Plural}/{patch.Metadata.Name}",
        },
    };
}
