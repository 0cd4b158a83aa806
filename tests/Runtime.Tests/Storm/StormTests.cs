using Xunit;
using Xunit.Sdk;

namespace Slipway.Runtime.Tests.Storm;

/// <summary>
/// Whatever happens between the runtime and its API server, and whatever users do meanwhile: caches and handlers end where the server
/// is, every deletion is heard of once, no key is reconciled twice at once or from before its own writes, none is forgotten.
/// SLIPWAY_STORM_SEEDS=100-200 runs other seeds than the usual ones.
/// </summary>
public sealed class StormTests
{
    private const string SeedsVariable = "SLIPWAY_STORM_SEEDS";
    private const int Steps = 2100;

    public static TheoryData<int> Seeds
    {
        get
        {
            var range = Environment.GetEnvironmentVariable(SeedsVariable) is { Length: > 0 } given ? given.Split('-') : ["1", "3"];
            var first = int.Parse(range[0]);
            return [.. Enumerable.Range(first, int.Parse(range[^1]) - first + 1)];
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Weathers_everything(int seed)
    {
        using var unobserved = new UnobservedFaults();
        await using var storm = await Storm.BrewAsync(seed);
        try
        {
            await storm.RageAsync(Steps);
            unobserved.ShouldBeNone();
        }
        catch (Exception error)
        {
            throw new XunitException($"Seed {seed}; {SeedsVariable}={seed} repeats it.\n{error}\n{storm.Log}");
        }
    }
}
