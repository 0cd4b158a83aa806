using Slipway.Benchmarks.Measuring;

namespace Slipway.Benchmarks.Servers;

/// <summary>The fake server and, in a full run, a real one, each for one measurement.</summary>
internal static class EveryServer
{
    public static async Task<IReadOnlyList<T>> MeasureAsync<T>(Scale scale, Func<Server, Task<IEnumerable<T>>> measure)
    {
        var measured = new List<T>();
        await using (var fake = await FakeServerProcess.StartAsync(releases: 0))
        {
            measured.AddRange(await measure(fake.Server));
        }

        if (scale.RealServer)
        {
            await using var real = new RealCluster();
            measured.AddRange(await measure(await real.StartAsync()));
        }

        return measured;
    }
}
