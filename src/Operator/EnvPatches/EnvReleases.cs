using System.Globalization;
using System.Net;
using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Faults;
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
    /// <exception cref="ApiException">It cannot be made now; also when others have both of the names that it may have.</exception>
    public async Task<string> MakeAsync(EnvPatch patch, EnvPatchRow row, Stack stack, CancellationToken cancellationToken)
    {
        var revision = row.Revision!.Value;
        var token = patch.Metadata.Annotation(WellKnown.Annotations.Rerun) ?? "";
        var name = NameOf(patch.Metadata.Name!, revision, token, taken: false);
        var other = NameOf(patch.Metadata.Name!, revision, token, taken: true);
        if (row.Made)
        {
            var live = await client.GetAsync<Deployment>(new NamespacedName(stack.Metadata.Namespace!, name), cancellationToken);
            return live is null || live.Metadata.Controller()?.Uid == stack.Metadata.Uid ? name : other;
        }

        if (!await MadeDeployments.CreateAsync(client, stack, Manifest(patch, stack, name, revision), cancellationToken))
        {
            if (!await MadeDeployments.CreateAsync(client, stack, Manifest(patch, stack, other, revision), cancellationToken))
            {
                throw new ApiException(
                    $"the Deployments (deployments.slipway.dev) {name} and {other} are not this patch's; delete one of them", (int)HttpStatusCode.Conflict, "AlreadyExists");
            }

            name = other;
        }

        await ledger.MarkReleaseMadeAsync(row.Uid, cancellationToken);
        return name;
    }

    /// <summary>
    /// A patch that is run again, and then changes nothing, has the revision that it had: its token makes its release another one.
    /// </summary>
    public static string NameOf(string patch, long revision, string token, bool taken)
    {
        var number = revision.ToString(CultureInfo.InvariantCulture);
        var whole = taken ? $"{patch}/{number}/{token}" : token;
        return MadeDeployments.NameOf(patch, whole.Length == 0 ? $"-env-{number}" : $"-env-{number}-{MadeDeployments.Hash(whole)[..6]}");
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
