using System.Diagnostics;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Slipway.DemoData.Tests.Races;

/// <summary>
/// A run is killed at every single statement that it sends to the database. The old data are there, whole, until its last commit, and the new
/// ones from then on; nobody ever reads anything else; and the next run succeeds and leaves nothing of it.
/// </summary>
[Collection(RaceCollection.Name)]
public sealed class KillTests(RaceCluster cluster, ITestOutputHelper output)
{
    [Fact]
    public Task Wherever_a_reset_dies_that_replaces_rows() => DieAsync(cluster.Files.Plain, cluster.Files.Plain);

    [Fact]
    public Task Wherever_a_reset_dies_that_swaps_schemas() => DieAsync(cluster.Files.Plain, cluster.Files.Wider);

    [Fact]
    public Task Wherever_the_first_reset_of_a_database_dies() => DieAsync(null, cluster.Files.Plain);

    [Fact]
    public Task Wherever_a_seed_dies() => DieAsync(cluster.Files.Plain, null);

    private async Task DieAsync(string? before, string? migrations)
    {
        var started = Stopwatch.GetTimestamp();
        var points = new KillPoints(before, migrations, cluster.Files);

        var met = await points.RunAllAsync();

        output.WriteLine($"{met.Count - 1} deaths in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s:\n{string.Join('\n', met)}");
        var (old, @new) = (before is null ? RaceReader.Nothing : RaceReader.Of("first"), RaceReader.Of("second"));
        foreach (var point in met)
        {
            point.Seen.ShouldBe(point.Commits == met[^1].Commits ? @new : old, $"{point}");
        }

        points.Read.ShouldBeSubsetOf([old, @new]);
    }
}
