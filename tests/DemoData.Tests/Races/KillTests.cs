using System.Diagnostics;
using Shouldly;
using Slipway.Testing.Proxies;
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

    /// <summary>Where, by the beginning of the statement and which one of those it is.</summary>
    public static TheoryData<string, int> Phases => new()
    {
        { "SELECT pid, started_at", 1 },
        { "SELECT pg_advisory_lock", 1 },
        { "SELECT token FROM slipway_demo.fence WHERE token", 1 },
        { "CREATE TYPE kind", 1 },
        { PostgresRequest.CopyData, 1 },
        { "COMMIT", 2 },
        { "COMMIT", 3 },
    };

    [Theory]
    [MemberData(nameof(Phases))]
    public async Task The_lease_of_the_dead_is_taken_over_when_it_has_run_out(string statement, int occurrence)
    {
        await using var database = await RaceDatabase.CreateAsync();
        await using var @namespace = await cluster.NewNamespaceAsync();
        await Run.Of(database, cluster.Files.Plain, cluster.Files.First).StartAsync();
        await using var proxy = database.NewProxy();
        var hold = new Hold(proxy, statement, occurrence);
        await using var first = RaceProcesses.Start(
            database.Through(proxy.Port), cluster.Files.Wider, cluster.Files.Second, RaceProcesses.Lease(cluster.KubeConfigPath, @namespace));
        await hold.SeeAsync(first);

        await first.KillAsync();
        await proxy.DisposeAsync();
        hold.Release();

        await using var reader = new RaceReader(database);
        (await reader.LookAsync()).ShouldBe(RaceReader.Of("first"));
        (await @namespace.HolderAsync(database)).ShouldStartWith("reset-demo-data on ");
        await Run.Of(database, cluster.Files.Plain, cluster.Files.Third, Run.Leased(cluster.Client, @namespace)).StartAsync();
        (await reader.LookAsync()).ShouldBe(RaceReader.Of("third"));
        (await database.TracesAsync()).ShouldBeEmpty();
        (await @namespace.HolderAsync(database)).ShouldBeEmpty();
    }

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
