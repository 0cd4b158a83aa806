using Slipway.Kubernetes.Resources;
using Slipway.Kubernetes.Watching;

namespace Slipway.Kubernetes.Leases;

/// <summary>The requests that one lease needs. A seam, so that the algorithm can be run against every order of events.</summary>
internal interface ILeaseApi
{
    /// <summary>The latest state, never a cached one; null when there is none.</summary>
    Task<V1Lease?> GetAsync(CancellationToken cancellationToken);

    /// <summary>Refused when there is one already.</summary>
    Task<V1Lease> CreateAsync(V1LeaseSpec spec, CancellationToken cancellationToken);

    /// <summary>Refused with a conflict unless the lease still has the version at which it was read.</summary>
    Task<V1Lease> WriteAsync(V1Lease read, V1LeaseSpec spec, CancellationToken cancellationToken);

    /// <summary>First its state, then every change, until the server or the connection ends it.</summary>
    IAsyncEnumerable<WatchEvent<V1Lease>> WatchAsync(CancellationToken cancellationToken);
}
