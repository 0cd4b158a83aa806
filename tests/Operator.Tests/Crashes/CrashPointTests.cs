using System.Diagnostics;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Slipway.Operator.Tests.Crashes;

/// <summary>
/// The operator is ended (SIGKILL) after every single write of every story, to the ledger and to the API server: once the write is stored
/// and before the operator hears of it, which is also the moment before the next write. It is started again, and all must end well. That
/// no write is missed is known from outside: the API server's audit log and the database count the same.
/// </summary>
[Collection(CrashCollection.Name)]
public sealed class CrashPointTests(CrashWorld world, ITestOutputHelper output) : IClassFixture<CrashWorld>
{
    public static TheoryData<string> Names => [.. Stories.All.Select(story => story.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Wherever_the_operator_dies_the_story_ends_the_same(string name)
    {
        var started = Stopwatch.GetTimestamp();

        var met = await new CrashRuns(world, Stories.All.Single(story => story.Name == name)).RunAllAsync();

        output.WriteLine($"{met.Count} crashes in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s, after each of:");
        output.WriteLine(string.Join('\n', met));
        world.Writes.Points.ShouldBeSubsetOf(met);
    }
}
