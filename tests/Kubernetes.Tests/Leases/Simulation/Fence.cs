using Slipway.Kubernetes.Leases;

namespace Slipway.Kubernetes.Tests.Leases.Simulation;

/// <summary>What the lease protects: it remembers the greatest token it has seen, and refuses smaller ones.</summary>
internal sealed class Fence(VirtualWorld world)
{
    private FencingToken? _greatest;

    /// <summary>Every write that was let through: under which token, and by which run of which process.</summary>
    public List<(FencingToken Token, string Run, TimeSpan At)> Accepted { get; } = [];

    public int Refused { get; private set; }

    public bool Write(FencingToken token, string run)
    {
        if (_greatest is not null && token.CompareTo(_greatest) < 0)
        {
            Refused++;
            return false;
        }

        _greatest = token;
        Accepted.Add((token, run, world.Now));
        return true;
    }
}
