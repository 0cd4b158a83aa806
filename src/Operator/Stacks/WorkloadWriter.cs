using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Resources;
using Slipway.Ledger;
using Slipway.Retry;

namespace Slipway.Operator.Stacks;

/// <summary>What was done about the workload.</summary>
/// <param name="Step">What was found to do.</param>
/// <param name="Ledger">The state of the ledger it was done from.</param>
/// <param name="Live">The workload afterwards; null when there is none.</param>
public sealed record WorkloadResult(WorkloadStep Step, StackState Ledger, V1Deployment? Live);

/// <summary>
/// The only writer of workloads. It reads the workload, then the ledger, and writes with the resourceVersion it read: whoever
/// wrote in between makes this write fail, and everything is read again. So neither a stale leader nor a late cancel can put
/// an older release over a newer one.
/// </summary>
public sealed class WorkloadWriter(KubeClient client, ReleaseLedger ledger, EnvSecrets secrets, ConflictRetry retry)
{
    private const int NewestReleases = 100;

    /// <summary>What was last applied for each stack, so that an unchanged workload is not applied again.</summary>
    private readonly ConcurrentDictionary<string, Applied> _applied = new();

    /// <exception cref="ResourceVersionConflictException">Somebody else kept writing.</exception>
    public Task<WorkloadResult> WriteAsync(Stack stack, CancellationToken cancellationToken) => retry.RetryOnConflictAsync(
        V1Deployment.Type, NamespacedName.Of(stack), (_, token) => AttemptAsync(stack, token), cancellationToken);

    /// <summary>Forgets a stack that is gone.</summary>
    public void Forget(Stack stack) => _applied.TryRemove(stack.Metadata.Uid!, out _);

    private async Task<WorkloadResult> AttemptAsync(Stack stack, CancellationToken cancellationToken)
    {
        var key = NamespacedName.Of(stack);
        var live = await ReadAsync(stack, cancellationToken);
        var limit = Math.Min(stack.Spec.Policy?.HistoryLimit ?? 10, NewestReleases);
        var state = await ledger.ReadStackAsync(Guid.Parse(stack.Metadata.Uid!), limit, cancellationToken)
            ?? throw new InvalidOperationException($"Stack {key} was registered and is unknown to the ledger");
        var step = WorkloadPlan.From(stack, state, live);
        switch (step)
        {
            case WorkloadStep.Create:
                await secrets.EnsureAsync(stack, state, cancellationToken);
                live = await CreateAsync(stack, state, cancellationToken);
                break;
            case WorkloadStep.Apply:
                await secrets.EnsureAsync(stack, state, cancellationToken);
                live = await ApplyAsync(stack, state, live!, cancellationToken);
                break;
            case WorkloadStep.Delete:
                var options = new DeleteOptions { Uid = live!.Metadata.Uid, ResourceVersion = live.Metadata.ResourceVersion };
                await client.DeleteAsync<V1Deployment>(key, options, cancellationToken);
                live = null;
                break;
            case WorkloadStep.Nothing or WorkloadStep.Conflict or WorkloadStep.BeingCollected or WorkloadStep.LedgerBehind or WorkloadStep.BeingTornDown or WorkloadStep.CacheBehind:
                break;
            default:
                throw new InvalidOperationException($"unknown step {step}");
        }

        return new WorkloadResult(step, state, live);
    }

    /// <summary>
    /// The workload as it is; null when there is none. Since this process started nobody may have looked whether a creation was cut off
    /// before the fields became ours: that is made up for here, because whatever is read after the ledger belongs to a later moment, and
    /// its resourceVersion would let an older decision pass.
    /// </summary>
    private async Task<V1Deployment?> ReadAsync(Stack stack, CancellationToken cancellationToken)
    {
        var key = NamespacedName.Of(stack);
        if (_applied.ContainsKey(stack.Metadata.Uid!))
        {
            return await client.GetAsync<V1Deployment>(key, cancellationToken);
        }

        try
        {
            return await client.AdoptManagedFieldsAsync<V1Deployment>(key, cancellationToken);
        }
        catch (ApiException error) when (error.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>By POST, which fails when somebody else was faster; that is a conflict like any other, and read again.</summary>
    private async Task<V1Deployment> CreateAsync(Stack stack, StackState state, CancellationToken cancellationToken)
    {
        var desired = WorkloadManifest.Workload(stack, state.Desired!, state.Stack.Sequence, state.DesiredEnv);
        var created = await client.CreateOrConflictAsync(desired, cancellationToken);
        Remember(stack, desired, created);
        return created;
    }

    private async Task<V1Deployment> ApplyAsync(Stack stack, StackState state, V1Deployment live, CancellationToken cancellationToken)
    {
        var desired = WorkloadManifest.Workload(stack, state.Desired!, state.Stack.Sequence, state.DesiredEnv);
        if (IsApplied(stack, desired, live))
        {
            return live;
        }

        if (WorkloadPlan.IsOrphan(stack, live))
        {
            await Orphaning.TakeSecretsAsync(client, stack, live, cancellationToken);
        }

        var guarded = desired with { Metadata = desired.Metadata with { Uid = live.Metadata.Uid, ResourceVersion = live.Metadata.ResourceVersion } };
        var applied = await client.ApplyAsync(guarded, cancellationToken);
        Remember(stack, desired, applied);
        return applied;
    }

    /// <summary>The same thing was applied before, and nobody has changed the spec or our labels and annotations since.</summary>
    private bool IsApplied(Stack stack, V1Deployment desired, V1Deployment live) =>
        _applied.TryGetValue(stack.Metadata.Uid!, out var last)
        && last.Uid == live.Metadata.Uid
        && last.Generation == live.Metadata.Generation
        && last.Hash == Hash(desired)
        && Covers(live.Metadata.Annotations, desired.Metadata.Annotations)
        && Covers(live.Metadata.Labels, desired.Metadata.Labels)
        && live.Metadata.Controller()?.Uid == stack.Metadata.Uid;

    private static bool Covers(IReadOnlyDictionary<string, string>? actual, IReadOnlyDictionary<string, string>? wanted) =>
        (wanted ?? new Dictionary<string, string>()).All(pair => actual is not null && actual.TryGetValue(pair.Key, out var value) && value == pair.Value);

    private void Remember(Stack stack, V1Deployment desired, V1Deployment written) =>
        _applied[stack.Metadata.Uid!] = new Applied(written.Metadata.Uid, written.Metadata.Generation, Hash(desired));

    private static string Hash(V1Deployment desired) =>
        Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(desired, V1Deployment.Json)));

    private sealed record Applied(string? Uid, long? Generation, string Hash);
}
