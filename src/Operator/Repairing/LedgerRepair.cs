using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Resources;
using Slipway.Ledger;
using Slipway.Ledger.Env;
using Slipway.Operator.Releases;

namespace Slipway.Operator.Repairing;

/// <summary>
/// Tells a ledger that was restored from an older backup what the cluster's objects know. An operator may run meanwhile: it holds
/// back whatever the ledger is behind in, and both work under the ledger's locks.
/// </summary>
internal sealed class LedgerRepair(
    KubeClient client, ReleaseLedger ledger, EnvRepair variables, StackRegistrar registrar, TextWriter output, TimeProvider time, bool dryRun)
{
    private static readonly ListOptions Ours = new() { LabelSelector = $"{WellKnown.Labels.ManagedBy}={WellKnown.FieldManager}" };

    /// <summary>Releases that were told of, or would be.</summary>
    public int Repaired { get; private set; }

    /// <summary>Names whose releases could not be, and objects that could not be read; each has been reported.</summary>
    public int Failed { get; private set; }

    /// <exception cref="ApiException">The API server does not answer, or does not let us in.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var lineage in await ListAsync(cancellationToken))
        {
            try
            {
                await RepairAsync(lineage, cancellationToken);
            }
            catch (EnvKeyUnavailableException error)
            {
                Complain(lineage.Key, $"its variables cannot be repaired: {error.Message}");
            }
            catch (Exception error) when (LedgerFaults.IsRefusal(error))
            {
                Complain(lineage.Key, $"its objects contradict each other, or the ledger: {error.Message}");
            }
        }
    }

    private async Task RepairAsync(Lineage lineage, CancellationToken cancellationToken)
    {
        long? baseline = null;
        if (lineage.Stack is { } stack)
        {
            if (!dryRun)
            {
                await registrar.RegisterAsync(stack, cancellationToken);
            }

            baseline = await RepairVariablesAsync(stack, lineage, cancellationToken);
        }

        foreach (var release in await ledger.RepairAsync(lineage.ToEvidence(time.GetUtcNow(), baseline), dryRun, cancellationToken))
        {
            var what = $"release {release.Name} (version {release.Version?.ToString() ?? "none"})";
            if (release.Moves == 0)
            {
                Complain(lineage.Key, $"{what} is {release.Phase} in the ledger, and not on the way there that its object tells of: left as it is");
                continue;
            }

            Repaired++;
            output.WriteLine($"{lineage.Key}: {what}: {release.Moves} moves, now {release.Phase}");
        }
    }

    /// <summary>Before the releases, which pin them.</summary>
    /// <returns>The revision that the stack's <c>spec.env</c> made last.</returns>
    private async Task<long?> RepairVariablesAsync(Stack stack, Lineage lineage, CancellationToken cancellationToken)
    {
        var made = await variables.RepairAsync(stack, lineage.Deployments, lineage.Patches, dryRun, cancellationToken);
        if (made > 0)
        {
            Repaired++;
            output.WriteLine($"{lineage.Key}: variables: {made} revisions");
        }

        return (await ledger.ReadStackAsync(Guid.Parse(stack.Metadata.Uid!), 1, cancellationToken))?.Stack.EnvBaselineRevision;
    }

    private async Task<IReadOnlyList<Lineage>> ListAsync(CancellationToken cancellationToken)
    {
        var stacks = (await client.ListAllAsync<Stack>(new ListOptions(), Skip<Stack>, cancellationToken)).ToDictionary(NamespacedName.Of);
        var deployments = (await client.ListAllAsync<Deployment>(new ListOptions(), Skip<Deployment>, cancellationToken))
            .ToLookup(one => new NamespacedName(one.Metadata.Namespace ?? "", one.Spec.Stack));
        var patches = (await client.ListAllAsync<EnvPatch>(new ListOptions(), Skip<EnvPatch>, cancellationToken))
            .ToLookup(one => new NamespacedName(one.Metadata.Namespace ?? "", one.Spec.Stack));
        var workloads = (await client.ListAllAsync<V1Deployment>(Ours, Skip<V1Deployment>, cancellationToken)).ToDictionary(NamespacedName.Of);
        return
        [
            .. stacks.Keys.Union(deployments.Select(group => group.Key)).OrderBy(key => key.ToString(), StringComparer.Ordinal)
                .Select(key => new Lineage(key, Live(stacks.GetValueOrDefault(key)), [.. deployments[key]], [.. patches[key]], workloads.GetValueOrDefault(key))),
        ];
    }

    /// <summary>A Stack that takes releases, or took some.</summary>
    private static Stack? Live(Stack? stack) =>
        stack is { Metadata.DeletionTimestamp: null } && StackCheck.Of(stack) is not { Reason: Reasons.InvalidName } ? stack : null;

    private void Skip<T>(UndecodableObject skipped)
        where T : class, IResource<T> =>
        Complain(skipped.Key ?? new NamespacedName("?", "?"), $"a {T.Type.FullName} that cannot be read: {skipped.Message}");

    private void Complain(NamespacedName key, string message)
    {
        Failed++;
        output.WriteLine($"{key}: FAILED: {message}");
    }
}
