using System.Globalization;
using Npgsql;
using Slipway.DemoData.Catalog;

namespace Slipway.DemoData.Chain;

/// <summary>Replaces the rows of a schema that is migrated already: of the tables that the data set fills, and of no other.</summary>
internal sealed class Reseed(DemoOptions options, IDataSet data, TableLocks locks, ChainLog log, TimeProvider time)
{
    public async Task RunAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await Batch.RunAsync(
            connection,
            [
                "SET LOCAL row_security = off",
                $"SET LOCAL search_path = {Sql.Quote(options.Schema)}, {await connection.Command("SELECT current_setting('search_path')").ScalarAsync<string>(cancellationToken)}",
            ],
            cancellationToken);
        var tables = await Table.OfAsync(connection, options.Schema, cancellationToken);
        var wanted = tables.Where(table => data.Tables.Contains(table.Name)).Select(table => table.Oid).ToHashSet();
        // What else it writes to, by triggers and functions, shows when it runs; then it is done once more, with those tables emptied, too.
        while (!await TryAsync(connection, tables, wanted, cancellationToken))
        {
        }
    }

    /// <returns>False when there were more tables, which are in the set now, and everything is as before.</returns>
    private async Task<bool> TryAsync(NpgsqlConnection connection, List<Table> tables, HashSet<long> wanted, CancellationToken cancellationToken)
    {
        await connection.RunAsync("SAVEPOINT seeding", cancellationToken);
        var began = time.GetTimestamp();
        var cleared = tables.Where(table => wanted.Contains(table.Oid)).ToList();
        var replacement = new RowReplacement(connection, options.Schema, isWhole: false, locks);
        var removed = await ClearAsync(replacement, cleared, cancellationToken);
        await replacement.OpenAsync(cancellationToken);
        var filling = time.GetTimestamp();
        var parts = await Filling.RunAsync(connection, data, cancellationToken);
        var more = (await replacement.WrittenAsync(cancellationToken)).Intersect(tables.Select(table => table.Oid)).Except(wanted).ToList();
        if (more.Count > 0)
        {
            wanted.UnionWith(more);
            await connection.RunAsync("ROLLBACK TO seeding", cancellationToken);
            return false;
        }

        await Filling.CheckReadersAsync(connection, options.Schema, data, cancellationToken);
        await replacement.CloseAsync(cancellationToken);
        log.Done("clear", string.Create(CultureInfo.InvariantCulture, $"{cleared.Count} tables, {removed:N0} rows; readers go on seeing them"), time.GetElapsedTime(began, filling));
        log.Done("seed", $"{data.Description}: {Rebuilt.Counted(parts)}", time.GetElapsedTime(filling));
        return true;
    }

    /// <returns>How many rows were removed.</returns>
    private async Task<long> ClearAsync(RowReplacement replacement, List<Table> cleared, CancellationToken cancellationToken)
    {
        try
        {
            var (rows, other) = await replacement.ClearAsync(cleared, cancellationToken);
            return other is null
                ? rows
                : throw new DemoDataException(
                    DemoDataFault.BrokenDataSet,
                    $"{data.Description}: the rows of its tables cannot be replaced without changing those of table {other}, which refer to them (ON DELETE). "
                    + $"Add table {other} to the data set, or make everything new with reset-demo-data. Nothing was changed.");
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.FeatureNotSupported)
        {
            throw new DemoDataException(
                DemoDataFault.CannotReplace,
                $"{data.Description}: the rows of its tables cannot be replaced, since one has a rule for DELETE ({error.MessageText}). Make everything new with reset-demo-data, "
                + "or have a trigger do what the rule does. Nothing was changed.",
                error);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            throw new DemoDataException(
                DemoDataFault.BrokenDataSet,
                $"{data.Description}: the rows of its tables cannot be replaced while rows of others refer to them: {error.MessageText}"
                + $"{(error.Detail is null ? "" : $" ({error.Detail})")}. Add table {error.TableName} to the data set, or make everything new with reset-demo-data. Nothing was changed.",
                error);
        }
    }
}
