using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Resources;
using Slipway.Retry;

namespace Slipway.Operator.Stacks;

/// <summary>Keeps the Service of a stack as the Stack says: it depends on the Stack alone, not on releases.</summary>
public sealed class ServiceWriter(KubeClient client, ConflictRetry retry)
{
    private readonly ConcurrentDictionary<string, Applied> _applied = new();

    /// <returns>False when a Service of that name belongs to somebody else, which is left alone.</returns>
    public Task<bool> WriteAsync(Stack stack, CancellationToken cancellationToken) => retry.RetryOnConflictAsync(
        V1Service.Type, NamespacedName.Of(stack), (_, token) => AttemptAsync(stack, token), cancellationToken);

    /// <summary>Forgets a stack that is gone.</summary>
    public void Forget(Stack stack) => _applied.TryRemove(stack.Metadata.Uid!, out _);

    private async Task<bool> AttemptAsync(Stack stack, CancellationToken cancellationToken)
    {
        var key = NamespacedName.Of(stack);
        var desired = WorkloadManifest.Service(stack);
        if (desired is null && !_applied.ContainsKey(stack.Metadata.Uid!) && stack.Metadata.Generation == 1)
        {
            return true;
        }

        var live = await client.GetAsync<V1Service>(key, cancellationToken);
        if (live is not null && !WorkloadPlan.IsOurs(stack, live))
        {
            // What is being collected wakes the stack once it is gone.
            return desired is null || WorkloadPlan.IsOfFormer(stack, live);
        }

        if (desired is null)
        {
            if (live is not null)
            {
                await client.DeleteAsync<V1Service>(key, new DeleteOptions { Uid = live.Metadata.Uid }, cancellationToken);
                Forget(stack);
            }

            return true;
        }

        await ApplyAsync(stack, desired, live, cancellationToken);
        return true;
    }

    private async Task ApplyAsync(Stack stack, V1Service desired, V1Service? live, CancellationToken cancellationToken)
    {
        var hash = Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(desired, V1Service.Json)));
        if (live is not null
            && _applied.TryGetValue(stack.Metadata.Uid!, out var last)
            && last == new Applied(live.Metadata.Uid, live.Metadata.ResourceVersion, hash))
        {
            return;
        }

        var written = live is null
            ? await client.CreateOrConflictAsync(desired, cancellationToken)
            : await client.ApplyAsync(
                desired with { Metadata = desired.Metadata with { Uid = live.Metadata.Uid, ResourceVersion = live.Metadata.ResourceVersion } }, cancellationToken);
        _applied[stack.Metadata.Uid!] = new Applied(written.Metadata.Uid, written.Metadata.ResourceVersion, hash);
    }

    private sealed record Applied(string? Uid, string? ResourceVersion, string Hash);
}
