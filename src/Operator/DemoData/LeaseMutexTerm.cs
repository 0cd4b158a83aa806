using Slipway.Crds.Meta;
using Slipway.DemoData.Locking;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Leases;
using Slipway.Kubernetes.Resources;

namespace Slipway.Operator.DemoData;

/// <summary>A term of the Lease, as the chain sees it.</summary>
internal sealed class LeaseMutexTerm(KubeClient client, NamespacedName key, LeaseTerm term, TimeProvider time) : MutexTerm
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public override string Identity => term.Identity;

    public override CancellationToken Ending => term.Ending;

    /// <summary>An API server that is away is asked again, until the term is over for that very reason.</summary>
    public override async Task<bool> ConfirmAsync(CancellationToken cancellationToken)
    {
        while (!term.IsLost)
        {
            try
            {
                var lease = await client.GetAsync<V1Lease>(key, cancellationToken);
                return lease is not null
                    && lease.Metadata.Uid == term.Token.LeaseUid
                    && lease.Spec?.HolderIdentity == term.Identity
                    && lease.Spec.LeaseTransitions == term.Token.Transitions;
            }
            catch (Exception error) when (error is ApiException or HttpRequestException or IOException)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }

        return false;
    }
}
