using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Npgsql;
using Shouldly;
using Slipway.Retry;
using Xunit;

namespace Slipway.Ledger.Tests;

/// <summary>Alone, because it reads a counter of the process.</summary>
[CollectionDefinition("version races", DisableParallelization = true)]
public sealed class VersionRaces : ICollectionFixture<LedgerDatabase>;

[Collection("version races")]
public sealed class VersionRaceTests(LedgerDatabase database)
{
    private const int Connections = 64;

    [Theory]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(256)]
    public async Task Gives_every_racer_a_version_of_its_own_without_gaps(int racers)
    {
        var collisions = new ConcurrentQueue<Collision>();
        var counted = 0L;
        await using var dataSource = await WarmAsync(racers);
        var scene = await Scene.CreateAsync(database, ConcurrencyPolicy.Parallel, dataSource);
        scene = scene.With(Scene.LedgerOf(dataSource, scene.Clock, collisions: collisions));
        using var listener = Listen(value => Interlocked.Add(ref counted, value));

        var outcomes = await RaceAsync(racers, racer => scene.AdmitAsync(scene.Request($"{racer}")));

        outcomes.ShouldAllBe(outcome => outcome.Kind == AdmissionKind.Admitted);
        var rows = outcomes.Select(outcome => outcome.Release!).ToList();
        rows.Select(row => row.Version!.Value.Number).Order().ShouldBe(Enumerable.Range(1, racers));
        rows.ShouldAllBe(row => row.ImageReference == $"registry/app:{row.Version}");
        rows.ShouldAllBe(row => row.Attempts == row.Collisions + 1 && row.Attempts <= 6);

        // All of the first wave have read before anybody could write, so all of them but one must collide.
        collisions.Count.ShouldBeGreaterThanOrEqualTo(Math.Min(racers, Connections) - 1);
        rows.Sum(row => row.Collisions).ShouldBe(collisions.Count);
        counted.ShouldBe(collisions.Count);
        collisions.ShouldAllBe(collision => collision.Operation == "version" && collision.Subject == $"team/{scene.Stack.Name}");
    }

    [Fact]
    public async Task The_same_race_is_lost_by_who_reads_and_then_inserts()
    {
        const int racers = 16;
        await using var dataSource = await WarmAsync(racers);
        var scene = await Scene.CreateAsync(database, ConcurrencyPolicy.Parallel, dataSource);

        var errors = await RaceAsync(racers, _ => NaiveAsync(dataSource, scene.Stack));

        errors.Count(error => error is null).ShouldBe(1);
        errors.OfType<PostgresException>().Count(error => error.ConstraintName == SqlStates.VersionUnique).ShouldBe(racers - 1);
    }

    /// <summary>
    /// Lets all start, and lets nobody write before as many as there are connections have come as far as writing: each of those has
    /// read the newest version by then.
    /// </summary>
    private async Task<T[]> RaceAsync<T>(int racers, Func<int, Task<T>> race)
    {
        await using var barrier = await Rival.BeginAsync(database);
        await barrier.RunAsync("LOCK TABLE slipway.releases IN SHARE MODE");
        var running = Enumerable.Range(0, racers).Select(racer => Task.Run(() => race(racer))).ToArray();
        await barrier.BlocksAsync(Math.Min(racers, Connections));
        await barrier.CommitAsync();
        return await Task.WhenAll(running);
    }

    private static async Task<Exception?> NaiveAsync(NpgsqlDataSource dataSource, StackRow stack)
    {
        try
        {
            await using var transaction = await LedgerTransaction.BeginAsync(dataSource, default);
            var newest = await ReleaseQueries.FindNewestVersionAsync(transaction, stack.Namespace, stack.Name, default);
            var next = ReleaseVersion.Next(newest, new DateOnly(2026, 11, 22));
            await transaction.Command(RawRelease.Insert(stack, next)).RunAsync(default);
            await transaction.CommitAsync(default);
            return null;
        }
        catch (PostgresException error)
        {
            return error;
        }
    }

    /// <summary>A pool whose connections are open already, so that nobody's start depends on somebody's login.</summary>
    private async Task<NpgsqlDataSource> WarmAsync(int racers)
    {
        var size = Math.Min(racers, Connections);
        var dataSource = database.Connect(size);
        var open = await Task.WhenAll(Enumerable.Range(0, size).Select(_ => dataSource.OpenConnectionAsync().AsTask()));
        await Task.WhenAll(open.Select(connection => connection.DisposeAsync().AsTask()));
        return dataSource;
    }

    private static MeterListener Listen(Action<long> count)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is { Meter.Name: LedgerMetrics.MeterName, Name: "slipway_version_collisions_total" })
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => count(value));
        listener.Start();
        return listener;
    }
}
