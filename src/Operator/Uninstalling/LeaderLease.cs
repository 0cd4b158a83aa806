using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Leases;
using Slipway.Kubernetes.Resources;

namespace Slipway.Operator.Uninstalling;

/// <summary>An operator is at work.</summary>
/// <param name="lease">The leader's lease.</param>
internal sealed class OperatorRunsException(V1Lease lease) : Exception(
    $"an operator is running: {lease.Spec?.HolderIdentity} has held the lease {NamespacedName.Of(lease)} since {lease.Spec?.AcquireTime:u}. "
    + $"Stop it first (kubectl -n {lease.Metadata.Namespace} scale deployment.apps --all --replicas=0), or it takes everything over again; --force goes on regardless");

/// <summary>
/// Keeps operators out: takes the lease that they contend for. Whether its holder is alive is seen by its renewals and by
/// nobody's clock.
/// </summary>
internal sealed class LeaderLease(KubeClient client, LeaseOptions options, TextWriter output, TimeProvider time, Random random)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Runs the work while no operator can lead; at once when there is no such lease.</summary>
    /// <exception cref="OperatorRunsException">The lease is being renewed.</exception>
    /// <exception cref="LeaseLostException">It was taken away in the middle of the work.</exception>
    public async Task KeepAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        if (await client.GetAsync<V1Lease>(options.Key, cancellationToken) is not { } lease)
        {
            output.WriteLine($"There is no lease {options.Key}, so no operator leads; one that runs with --leader-elect false is not seen.");
            await work(cancellationToken);
            return;
        }

        using var refused = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var held = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var guard = new LeaseLock(client, options, time, random, new Report(output));
        var watching = SeeRenewalAsync(lease, guard.Identity, refused, held.Token);
        try
        {
            await guard.RunAsync(
                async term =>
                {
                    await held.CancelAsync();
                    await work(term.Ending);
                },
                refused.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && refused.IsCancellationRequested)
        {
            throw new OperatorRunsException(await watching ?? lease);
        }
        finally
        {
            await held.CancelAsync();
            await watching;
        }
    }

    /// <summary>Cancels when somebody else's lease changes: its holder lives, or has just come.</summary>
    private async Task<V1Lease?> SeeRenewalAsync(
        V1Lease first, string own, CancellationTokenSource refused, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Look, time, cancellationToken);
                var now = await client.GetAsync<V1Lease>(options.Key, cancellationToken);
                if (now?.Spec is { HolderIdentity: { Length: > 0 } holder } && holder != own && now.Spec != first.Spec)
                {
                    await refused.CancelAsync();
                    return now;
                }
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private sealed class Report(TextWriter output) : LeaseObserver
    {
        public override void Waiting(V1Lease lease) => output.WriteLine(
            $"{lease.Spec?.HolderIdentity} holds the lease {NamespacedName.Of(lease)}; looking whether it still renews it");

        public override void AttemptFailed(Exception error) => output.WriteLine($"A request about the lease failed and is tried again: {error.Message}");
    }
}
