using System.Globalization;
using Npgsql;
using Slipway.DemoData.Catalog;
using Slipway.DemoData.Locking;

namespace Slipway.DemoData.Chain;

/// <summary>
/// Makes a demo database new: all of it or nothing, one process at a time. Whoever is killed, paused or cut off on the way has changed nothing
/// that others can see.
/// </summary>
/// <param name="connections">The database.</param>
/// <param name="options">What, and how patiently.</param>
/// <param name="mutex">The mutex outside of the database; null when the database's own lock is all there is. Then nobody is taken over.</param>
/// <param name="log">Hears of each step.</param>
public sealed class DemoChain(DemoConnections connections, DemoOptions options, IMutex? mutex, ChainLog log, TimeProvider time, Random random)
{
    private const string AboutSql = "SELECT current_database() || ', PostgreSQL ' || split_part(current_setting('server_version'), ' ', 1)";

    private readonly TableLocks _locks = new(options, log, time, random);

    /// <summary>Number of the advisory lock. Only tests have another one: they show what happens to those who do not share it.</summary>
    internal long LockKey { get; init; } = DatabaseLock.Key;

    /// <summary>Reset, migrate, seed: the schema is as the migrations make it, and has the rows of the data set.</summary>
    /// <exception cref="DemoDataException">It was not made new. The old data stand.</exception>
    public Task ResetAsync(IMigrations migrations, IDataSet data, CancellationToken cancellationToken) => RunAsync(
        async (hold, stop) =>
        {
            await PrepareAsync(hold, stop);
            var rebuild = new Rebuild(options, migrations, data, _locks, log, time);
            var rebuilt = await RebuildAsync(hold, rebuild, stop);
            if (rebuilt.Scratch is not null)
            {
                await SwapAsync(hold, rebuilt, stop);
            }
        },
        cancellationToken);

    /// <summary>Seed: the tables of the data set, in a schema that is migrated already, have its rows and no others.</summary>
    /// <exception cref="DemoDataException">They do not. The old data stand.</exception>
    public Task SeedAsync(IDataSet data, CancellationToken cancellationToken) => RunAsync(
        (hold, stop) => hold.StepAsync(
            async connection =>
            {
                await new Reseed(options, data, _locks, log, time).RunAsync(connection, stop);
                return true;
            },
            stop),
        cancellationToken);

    private async Task RunAsync(Func<DatabaseHold, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var database = await LookAsync(cancellationToken);
        await (mutex is null
            ? WorkAsync(null, work, cancellationToken)
            : mutex.RunAsync(database, term => WorkAsync(term, work, term.Ending), cancellationToken));
        log.Done("done", "the new data are there", time.GetElapsedTime(began));
    }

    /// <summary>Before anybody is waited for: whether it may be done at all.</summary>
    /// <returns>The database's name for the mutex.</returns>
    private async Task<string> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await connections.OpenAsync(options.WaitForDatabase, log, cancellationToken);
            await ResetMark.CheckAsync(connection, cancellationToken);
            log.Done("database", $"{connections.Name}: {await connection.Command(AboutSql).ScalarAsync<string>(cancellationToken)}, may be reset");
            return await ResetMark.ExpectedAsync(connection, cancellationToken);
        }
        catch (Exception error) when (error is not DemoDataException and not OperationCanceledException)
        {
            throw await new Verdict(connections, null, null).OnAsync(error) ?? error;
        }
    }

    private async Task WorkAsync(MutexTerm? term, Func<DatabaseHold, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        DatabaseHold? hold = null;
        try
        {
            var began = time.GetTimestamp();
            var identity = term?.Identity ?? options.Identity;
            hold = await new DatabaseLock(connections, options, log, time, LockKey).AcquireAsync(identity, term, cancellationToken);
            log.Done("lock", string.Create(CultureInfo.InvariantCulture, $"held by {identity}, token {hold.Token}"), time.GetElapsedTime(began));
            await work(hold, cancellationToken);
            await AnalyzeAsync(hold, cancellationToken);
        }
        catch (Exception error) when (error is not DemoDataException and not OperationCanceledException)
        {
            throw await new Verdict(connections, term, hold?.Token).OnAsync(error) ?? error;
        }
        finally
        {
            await (hold?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    /// <summary>Removes what a run that was killed has left, and sees to it that there is a schema.</summary>
    private Task PrepareAsync(DatabaseHold hold, CancellationToken cancellationToken) => hold.StepAsync(
        async connection =>
        {
            foreach (var schema in await Leftovers.RemoveAsync(connection, cancellationToken))
            {
                log.Done("tidy", $"removed schema {schema}, which an earlier run had left");
            }

            if (await connection.Command("SELECT to_regnamespace($1) IS NULL").With(Sql.Quote(options.Schema)).ScalarAsync<bool>(cancellationToken))
            {
                await connection.RunAsync($"CREATE SCHEMA {Sql.Quote(options.Schema)}", cancellationToken);
            }

            return true;
        },
        cancellationToken);

    private async Task<Rebuilt> RebuildAsync(DatabaseHold hold, Rebuild rebuild, CancellationToken cancellationToken)
    {
        try
        {
            return await hold.StepAsync(connection => rebuild.RunAsync(connection, hold.Token, cancellationToken), cancellationToken);
        }
        catch (PostgresException error) when (Faults.IsInTheWay(error))
        {
            throw new DemoDataException(
                DemoDataFault.TablesInUse,
                $"Something outside of schema {options.Schema} that the migrations need is in use: {error.MessageText}. Nothing was changed. Try again later.",
                error);
        }
        catch (NewExtensionsException wanted)
        {
            await hold.StepAsync(
                async connection =>
                {
                    await Batch.RunAsync(
                        connection,
                        [.. wanted.Extensions.Select(name => $"CREATE EXTENSION IF NOT EXISTS {Sql.Quote(name)} SCHEMA {Sql.Quote(options.Schema)} CASCADE")],
                        cancellationToken);
                    return true;
                },
                cancellationToken);
            log.Done("extend", $"created {string.Join(", ", wanted.Extensions)} in schema {options.Schema}, where it stays");
            return await hold.StepAsync(connection => rebuild.RunAsync(connection, hold.Token, cancellationToken), cancellationToken);
        }
    }

    private async Task SwapAsync(DatabaseHold hold, Rebuilt rebuilt, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var swap = new SchemaSwap(options.Schema, rebuilt.Scratch!, Leftovers.RetiredOf(hold.Token), rebuilt.Transaction);
        await _locks.RunAsync(
            () => TrySwapAsync(hold, swap, cancellationToken), () => swap.HoldersAsync(hold.Work, cancellationToken), cancellationToken);
        log.Done(
            "swap",
            string.Create(CultureInfo.InvariantCulture, $"the new schema is in place; nobody waited for longer than {_locks.LongestWait.TotalMilliseconds:0} ms"),
            time.GetElapsedTime(began));
    }

    private static async Task<bool> TrySwapAsync(DatabaseHold hold, SchemaSwap swap, CancellationToken cancellationToken)
    {
        try
        {
            return await hold.StepAsync(connection => swap.TryAsync(connection, cancellationToken), cancellationToken);
        }
        catch (PostgresException error) when (Faults.IsInTheWay(error))
        {
            return false;
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.DependentObjectsStillExist
            or PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.DuplicateFunction or PostgresErrorCodes.DuplicateTable)
        {
            throw new DemoDataException(
                DemoDataFault.CannotReplace, $"The present schema cannot be replaced by the new one: {error.MessageText}. Nothing was changed.", error);
        }
    }

    /// <summary>New rows, new plans. That it fails would be no reason to say that the data are not there.</summary>
    private async Task AnalyzeAsync(DatabaseHold hold, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        try
        {
            var tables = await Table.OfAsync(hold.Work, options.Schema, cancellationToken);
            await Batch.RunAsync(
                hold.Work, tables.Count == 0 ? [] : [$"ANALYZE {string.Join(", ", tables.Select(table => table.QualifiedIn(options.Schema)))}"], cancellationToken);
            log.Done("analyze", string.Create(CultureInfo.InvariantCulture, $"{tables.Count} tables"), time.GetElapsedTime(began));
        }
        catch (Exception error) when (error is NpgsqlException or OperationCanceledException)
        {
            log.Waiting($"the new data are there, but could not be analyzed: {error.Message}");
        }
    }
}
