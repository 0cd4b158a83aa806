using System.Diagnostics;
using Slipway.Benchmarks.Measuring;
using Slipway.Benchmarks.Servers;

namespace Slipway.Benchmarks.Leases;

/// <summary>Two contenders, each with a client of its own as two processes have, who pass a lease to and fro.</summary>
internal sealed class LockRelay : IAsyncDisposable
{
    private Contender _holder;
    private Contender _next;

    private LockRelay(Server server) => (_holder, _next) = (new Contender(server, "a"), new Contender(server, "b"));

    public static async Task<LockRelay> StartAsync(Server server)
    {
        var relay = new LockRelay(server);
        relay._holder.Join();
        await relay._holder.Begun;
        relay._next.Join();
        await relay._next.HasSeenHolder;
        return relay;
    }

    /// <summary>From the end of one's work to the beginning of the other's.</summary>
    public async Task PassAsync(Samples samples)
    {
        var begun = _next.Begun;
        var over = Stopwatch.GetTimestamp();
        var left = _holder.LeaveAsync();
        samples.Add(over, await begun.WaitAsync(TimeSpan.FromSeconds(30)));
        await left;
        (_holder, _next) = (_next, _holder);
        _next.Join();
        await _next.HasSeenHolder.WaitAsync(TimeSpan.FromSeconds(30));
    }

    public async ValueTask DisposeAsync()
    {
        await _next.DisposeAsync();
        await _holder.DisposeAsync();
    }
}
