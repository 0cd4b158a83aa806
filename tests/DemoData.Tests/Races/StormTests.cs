using System.Diagnostics;
using Shouldly;
using Slipway.DemoData.Chain;
using Slipway.DemoData.Locking;
using Slipway.DemoData.PetGrooming;
using Slipway.DemoData.Scripts;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Xunit;
using Xunit.Abstractions;

namespace Slipway.DemoData.Tests.Races;

/// <summary>
/// Eight resets and eight seeders of the built-in data set begin at once, and so they do round after round: they come one after another, and the
/// result is that of a single run.
/// </summary>
[Collection(RaceCollection.Name)]
public sealed class StormTests(RaceCluster cluster, ITestOutputHelper output) : IAsyncLifetime
{
    private const int Rounds = 20;
    private const int Each = 8;

    private RaceDatabase _database = null!;
    private TestNamespace _namespace = null!;

    [Fact]
    public async Task Resets_and_seeders_that_begin_at_once_come_one_after_another()
    {
        await Reset().StartAsync();
        var (single, token) = (await _database.DumpAsync(), await _database.TokenAsync());
        var began = Stopwatch.GetTimestamp();
        for (var round = 1; round <= Rounds; round++)
        {
            var history = new StormHistory();
            await BeginAsync(round);
            await RunAsync([.. Runs(history, Run.Leased(cluster.Client, _namespace))], isEmpty: round % 4 == 3);

            history.Overlaps.ShouldBeEmpty($"round {round}");
            history.Tokens.ShouldBe(Enumerable.Range(1, 2 * Each).Select(number => token + number), $"round {round}");
            (token, var rows) = (await _database.TokenAsync(), await _database.DumpAsync());
            rows.ShouldBe(single, $"round {round}");
            (await _database.TracesAsync()).ShouldBeEmpty($"round {round}");
            (await _namespace.HolderAsync(_database)).ShouldBeEmpty($"round {round}");
        }

        output.WriteLine($"{Rounds} rounds of {2 * Each} in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");
    }

    [Fact]
    public async Task Resets_and_seeders_as_processes_do_the_same()
    {
        await Reset().StartAsync();
        var (single, token) = (await _database.DumpAsync(), await _database.TokenAsync());
        await BeginAsync(round: 1);

        var options = (string[])["--kubeconfig", cluster.KubeConfigPath, "--lock-namespace", _namespace.Name, "--lease-retry-period", "1s", "--database", _database.Url];
        var processes = Enumerable.Range(0, 2 * Each)
            .Select(number => new SlipwayProcess([number % 2 == 0 ? "reset-demo-data" : "seed-demo-data", .. options])).ToList();
        foreach (var process in processes)
        {
            (await process.ExitAsync()).ShouldBe(0, process.Log);
            await process.DisposeAsync();
        }

        (await _database.TokenAsync()).ShouldBe(token + (2 * Each));
        (await _database.DumpAsync()).ShouldBe(single);
        (await _database.TracesAsync()).ShouldBeEmpty();
        (await _namespace.HolderAsync(_database)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_lock_that_they_share_they_collide()
    {
        await Reset().StartAsync();
        var history = new StormHistory();

        var key = 1000;
        var runs = Runs(history, _ => null, () => key++).Select(run => run.StartAsync()).ToList();
        await Task.WhenAll(runs).ContinueWith(_ => { }, TaskScheduler.Default);

        runs.ShouldContain(run => run.IsFaulted);
        history.Overlaps.ShouldNotBeEmpty();
    }

    public async Task InitializeAsync()
    {
        _database = await RaceDatabase.CreateAsync();
        _namespace = await cluster.NewNamespaceAsync();
    }

    public async Task DisposeAsync()
    {
        await _namespace.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>Every other round finds a schema that is not as the migrations make it, so that its first reset swaps; and every fourth finds none.</summary>
    private async Task BeginAsync(int round)
    {
        switch (round % 4)
        {
            case 1:
                await _database.RunAsync("CREATE INDEX by_hand ON pets (name); CREATE TABLE notes (note text)");
                break;
            case 3:
                await _database.RunAsync("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
                break;
        }
    }

    /// <summary>Where there are no tables yet, seeders have nothing to do before the first reset has ended.</summary>
    private static async Task RunAsync(IReadOnlyList<Run> runs, bool isEmpty)
    {
        var resets = runs.Where(run => run.Migrations is not null).Select(run => run.StartAsync()).ToList();
        await (isEmpty ? await Task.WhenAny(resets) : Task.CompletedTask);
        await Task.WhenAll([.. resets, .. runs.Where(run => run.Migrations is null).Select(run => run.StartAsync())]);
    }

    private Run Reset() => new() { Database = _database.ConnectionString, Migrations = Migrations(), Data = Data() };

    private IEnumerable<Run> Runs(StormHistory history, Func<ChainLog, IMutex?> mutex, Func<long>? keys = null) =>
        Enumerable.Range(0, 2 * Each).Select(number => new Run
        {
            Database = _database.ConnectionString,
            Migrations = number % 2 == 0 ? Migrations() : null,
            Data = Data(),
            Mutex = mutex,
            Log = history.NewLog(number),
            LockKey = keys?.Invoke() ?? Locking.DatabaseLock.Key,
        });

    private static PetGroomingData Data() => new(DemoProfile.Dev, 1, null);

    private static Migrations Migrations() => new("built-in", [.. PetGroomingMigrations.Files.Select(file => ScriptSource.Of(file.FileName, file.Sql))]);
}
