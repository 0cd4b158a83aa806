using Slipway.Kubernetes.Resources;
using Slipway.Kubernetes.Transport;

namespace Slipway.Kubernetes.Leases;

/// <summary>The requests of one lease, each within its limit of time.</summary>
internal sealed class LeaseRequests(ILeaseApi api, TimeSpan longest, TimeProvider time)
{
    public Task<V1Lease?> GetAsync(CancellationToken cancellationToken) => LimitAsync(api.GetAsync, cancellationToken);

    public Task<V1Lease> CreateAsync(V1LeaseSpec spec, CancellationToken cancellationToken) =>
        LimitAsync(token => api.CreateAsync(spec, token), cancellationToken);

    public Task<V1Lease> WriteAsync(V1Lease read, V1LeaseSpec spec, CancellationToken cancellationToken) =>
        LimitAsync(token => api.WriteAsync(read, spec, token), cancellationToken);

    /// <exception cref="TimeoutException">The time is up, and the caller has not cancelled it.</exception>
    private async Task<T> LimitAsync<T>(Func<CancellationToken, Task<T>> request, CancellationToken cancellationToken)
    {
        using var limit = new TimeLimit(longest, time, cancellationToken);
        try
        {
            return await request(limit.Token);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"No answer about the lease within {longest.TotalSeconds} s.", error);
        }
    }
}
