namespace Slipway.Benchmarks.Caching;

/// <summary>Looks at the managed heap every millisecond and remembers the most it saw, garbage not yet collected included.</summary>
internal sealed class PeakHeap : IDisposable
{
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private readonly long _before = GC.GetTotalMemory(forceFullCollection: true);
    private readonly long _allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
    private long _peak;

    public PeakHeap()
    {
        _thread = new Thread(Look) { IsBackground = true, Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    /// <summary>Ends the looking.</summary>
    /// <returns>Bytes above what was there before at the worst moment, and bytes allocated all in all.</returns>
    public (double Peak, double Allocated) Stop()
    {
        _stop.Set();
        _thread.Join();
        return (_peak - _before, GC.GetTotalAllocatedBytes(precise: true) - _allocatedBefore);
    }

    public void Dispose()
    {
        Stop();
        _stop.Dispose();
    }

    private void Look()
    {
        do
        {
            _peak = Math.Max(_peak, GC.GetTotalMemory(forceFullCollection: false));
        }
        while (!_stop.Wait(1));
    }
}
