using Npgsql;
using Slipway.Ledger.Slugs;
using Slipway.Ledger.Tests.Env;

namespace Slipway.Ledger.Tests.Directory;

/// <summary>Many who want a slug, made to want it at the same moment.</summary>
internal static class SlugRace
{
    /// <summary>Lets all start, and lets nobody write a slug before all have come as far: each of them has looked by then.</summary>
    public static async Task<T[]> RunAsync<T>(LedgerDatabase database, int racers, Func<int, Task<T>> race)
    {
        await using var barrier = await Rival.BeginAsync(database);
        await barrier.RunAsync("LOCK TABLE slipway.slugs IN SHARE MODE");
        var running = Enumerable.Range(0, racers).Select(racer => Task.Run(() => race(racer))).ToArray();
        await barrier.BlocksAsync(racers);
        await barrier.CommitAsync();
        return await Task.WhenAll(running);
    }

    /// <summary>Tries again what is no verdict, as an operator does.</summary>
    public static async Task<T> InsistAsync<T>(Func<Task<T>> call)
    {
        while (true)
        {
            try
            {
                return await Patience.UntilAvailableAsync(call);
            }
            catch (SlugCollisionException)
            {
                // Once more.
            }
        }
    }

    /// <summary>A pool whose connections are open already, so that nobody's start depends on somebody's login.</summary>
    public static async Task<NpgsqlDataSource> WarmAsync(LedgerDatabase database, int connections)
    {
        var dataSource = database.Connect(connections);
        var open = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => dataSource.OpenConnectionAsync().AsTask()));
        await Task.WhenAll(open.Select(connection => connection.DisposeAsync().AsTask()));
        return dataSource;
    }
}
