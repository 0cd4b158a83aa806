namespace Slipway.Kubernetes.Requests;

/// <summary>Which connections a request goes over: each lane has its own, so that none waits for another one.</summary>
internal enum RequestLane
{
    /// <summary>Everything that is answered soon.</summary>
    Requests,

    /// <summary>Streams that stay open and would use up the room of the others.</summary>
    Watches,

    /// <summary>Renewals that must be in time, whatever else is under way.</summary>
    Leases,
}
