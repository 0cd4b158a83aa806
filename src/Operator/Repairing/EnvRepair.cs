using System.Globalization;
using System.Text;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Resources;
using Slipway.Ledger.Env;
using Slipway.Operator.EnvPatches;
using Slipway.Operator.Releases;
using Slipway.Operator.Stacks;

namespace Slipway.Operator.Repairing;

/// <summary>Collects what the cluster knows of a stack's variables: statuses, the patches themselves, and the Secrets of revisions.</summary>
internal sealed class EnvRepair(KubeClient client, EnvLedger ledger)
{
    /// <returns>How many revisions were made again, or would be.</returns>
    public async Task<int> RepairAsync(
        Stack stack, IReadOnlyList<Deployment> deployments, IReadOnlyList<EnvPatch> patches, bool dryRun, CancellationToken cancellationToken)
    {
        if (SeenEnvRevisions.Highest(stack, deployments, patches) is not { } highest)
        {
            return 0;
        }

        var merged = patches
            .Where(one => one.Status is { Phase: EnvPatchPhase.Applied, Revision: not null } status && status.StackUid == stack.Metadata.Uid)
            .OrderBy(one => one.Metadata.CreationTimestamp).ToList();
        var evidence = new EnvEvidence(
            Guid.Parse(stack.Metadata.Uid!, CultureInfo.InvariantCulture),
            stack.Metadata.Generation ?? 0,
            stack.Spec.Env ?? new Dictionary<string, string>(),
            highest,
            [.. await Task.WhenAll(merged.Select(one => EvidenceOfAsync(one, cancellationToken)))],
            dryRun ? new Dictionary<long, IReadOnlyDictionary<string, string>>() : await ReadSecretsAsync(stack, deployments, cancellationToken));
        return await ledger.RepairAsync(evidence, dryRun, cancellationToken);
    }

    private async Task<EnvPatchEvidence> EvidenceOfAsync(EnvPatch patch, CancellationToken cancellationToken)
    {
        var values = await new EnvSecretSources(client).ReadAsync(patch, cancellationToken);
        var status = patch.Status!;
        var request = EnvPatchRequests.Of(patch, status.StackUid!) with { Change = EnvPatchCheck.ChangeOf(patch.Spec, values.Values) };
        return new EnvPatchEvidence(
            request, status.Revision!.Value, Made: status.Deployment is not null, Changed: status.KeysSet > 0 || status.KeysUnset > 0);
    }

    /// <summary>Of the revisions that releases pinned: others have none.</summary>
    private async Task<IReadOnlyDictionary<long, IReadOnlyDictionary<string, string>>> ReadSecretsAsync(
        Stack stack, IReadOnlyList<Deployment> deployments, CancellationToken cancellationToken)
    {
        var values = new Dictionary<long, IReadOnlyDictionary<string, string>>();
        var uid = Guid.Parse(stack.Metadata.Uid!, CultureInfo.InvariantCulture);
        foreach (var number in deployments.Select(one => one.Status?.EnvRevision).OfType<long>().Distinct())
        {
            var key = new NamespacedName(stack.Metadata.Namespace!, EnvSecrets.NameOf(uid, number));
            if (await client.GetAsync<V1Secret>(key, cancellationToken) is { Immutable: true } secret && secret.Metadata.Controller()?.Uid == stack.Metadata.Uid)
            {
                values[number] = (secret.Data ?? new Dictionary<string, byte[]>()).ToDictionary(pair => pair.Key, pair => Encoding.UTF8.GetString(pair.Value));
            }
        }

        return values;
    }
}
