using Npgsql;
using Slipway.DemoData.Catalog;

namespace Slipway.DemoData.Chain;

/// <summary>
/// The first transaction of a reset: applies the migrations beside the present schema. If they make the same schema, replaces the rows of the
/// present one; if not, fills the new one, which is kept beside.
/// </summary>
internal sealed class Rebuild(DemoOptions options, IMigrations migrations, IDataSet data, TableLocks locks, ChainLog log, TimeProvider time)
{
    private const string TransactionSql = "SELECT pg_current_xact_id()::text";

    private const string DeferredSql =
        "SELECT DISTINCT format('%I.%I', n.nspname, k.conname) FROM pg_catalog.pg_constraint AS k JOIN pg_catalog.pg_namespace AS n ON n.oid = k.connamespace WHERE n.nspname = $1 AND k.condeferred";

    /// <exception cref="NewExtensionsException">Extensions have to be created first.</exception>
    public async Task<Rebuilt> RunAsync(NpgsqlConnection connection, long token, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        // Nobody waits for what may take longer: whoever is in the way of a migration is in its way at once.
        await Batch.RunAsync(connection, [TableLocks.Bound, "SET LOCAL row_security = off"], cancellationToken);
        var standIn = await StandIn.BeginAsync(connection, options.Schema, token, cancellationToken);
        var statements = await MigrateAsync(connection, standIn, cancellationToken);
        await CheckAsync(standIn, cancellationToken);
        var after = await standIn.AfterAsync(cancellationToken);
        var changes = after.Except(standIn.Before).Concat(standIn.Before.Except(after)).ToList();
        var obstacle = changes.Count == 0 ? await InPlace.ObstacleAsync(connection, standIn.Retired, cancellationToken) : null;
        log.Done("migrate", $"{migrations.Description}: {statements} statements, {Told(standIn.Before.Count, changes, obstacle)}", time.GetElapsedTime(began));
        return changes.Count == 0 && obstacle is null
            ? await ReplaceAsync(connection, standIn, cancellationToken)
            : await FillBesideAsync(connection, standIn, cancellationToken);
    }

    private async Task<int> MigrateAsync(NpgsqlConnection connection, StandIn standIn, CancellationToken cancellationToken)
    {
        try
        {
            return await migrations.ApplyAsync(connection, cancellationToken);
        }
        catch (DemoDataException error) when (standIn.Kept.Count > 0
            && error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UndefinedObject or PostgresErrorCodes.UndefinedFunction })
        {
            throw new DemoDataException(
                error.Fault,
                $"{error.Message}\nWhat extension {string.Join(", ", standIn.Kept)} provides is not found under the name of schema {options.Schema} here, since this role "
                + "may not move it. Write it without schema, or let a superuser keep the extension in a schema of its own (ALTER EXTENSION ... SET SCHEMA ...).",
                error.InnerException);
        }
    }

    private static string Told(int before, List<string> changes, string? obstacle) =>
        before == 0 ? "a first schema"
        : obstacle is not null ? $"the schema is unchanged, but is replaced as a whole, since {obstacle}"
        : changes.Count == 0 ? "the schema is unchanged"
        : $"the schema has changed (at {Shortened(changes[0])}{(changes.Count > 1 ? $" and {changes.Count - 1} more" : "")})";

    private static string Shortened(string line)
    {
        var text = line.ReplaceLineEndings(" ");
        return text.Length <= 80 ? text : $"{text[..80]}...";
    }

    private async Task CheckAsync(StandIn standIn, CancellationToken cancellationToken)
    {
        if (await standIn.NewExtensionsAsync(cancellationToken) is { Count: > 0 } extensions)
        {
            throw new NewExtensionsException(extensions);
        }

        if (await standIn.StrayedAsync(cancellationToken) is { } strayed)
        {
            throw new DemoDataException(
                DemoDataFault.BrokenMigration,
                $"{migrations.Description}: the migrations have {strayed}. They may make what is in schema {options.Schema} only, since nothing else is replaced with it. Nothing was changed.");
        }
    }

    private async Task<Rebuilt> FillBesideAsync(NpgsqlConnection connection, StandIn standIn, CancellationToken cancellationToken)
    {
        await Dependents.CheckAsync(connection, standIn.Retired, options.Schema, cancellationToken);
        await connection.RunAsync("SET LOCAL lock_timeout = 0", cancellationToken);
        var parts = await FillAsync(connection, cancellationToken);
        await MaterializedViews.FillAsync(connection, options.Schema, standIn.Retired, cancellationToken);
        await standIn.EndAsync(cancellationToken);
        return new Rebuilt(parts, standIn.Scratch, (await connection.Command(TransactionSql).ScalarAsync<string>(cancellationToken))!);
    }

    private async Task<Rebuilt> ReplaceAsync(NpgsqlConnection connection, StandIn standIn, CancellationToken cancellationToken)
    {
        await standIn.EndAsync(cancellationToken);
        var began = time.GetTimestamp();
        var replacement = new RowReplacement(connection, options.Schema, isWhole: true, locks);
        var tables = await Table.OfAsync(connection, options.Schema, cancellationToken);
        var removed = await ClearAsync(replacement, tables, cancellationToken);
        await replacement.CopyAsync(tables, standIn.Scratch, cancellationToken);
        await CheckConstraintsAsync(connection, standIn.Scratch, cancellationToken);
        await connection.RunAsync($"DROP SCHEMA {standIn.Scratch} CASCADE", cancellationToken);
        await replacement.OpenAsync(cancellationToken);
        log.Done("clear", $"{tables.Count} tables, {Number(removed)} rows; readers go on seeing them", time.GetElapsedTime(began));
        var parts = await FillAsync(connection, cancellationToken);
        await Filling.CheckReadersAsync(connection, options.Schema, data, cancellationToken);
        await replacement.CloseAsync(cancellationToken);
        return new Rebuilt(parts, null, "");
    }

    /// <returns>How many rows were removed.</returns>
    private async Task<long> ClearAsync(RowReplacement replacement, List<Table> tables, CancellationToken cancellationToken)
    {
        try
        {
            var (rows, other) = await replacement.ClearAsync(tables, cancellationToken);
            return other is null ? rows : throw Referred($"table {other} refers to them (ON DELETE)", null);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            throw Referred(error.MessageText, error);
        }
    }

    private DemoDataException Referred(string who, Exception? error) => new(
        DemoDataFault.CannotReplace,
        $"The rows of schema {options.Schema} cannot be replaced while rows outside of it refer to them: {who}. Nothing was changed. Remove those rows, or their reference.",
        error);

    /// <summary>Of the rows that the migrations have put in, which cannot be dropped before that.</summary>
    private async Task CheckConstraintsAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        var deferred = await connection.Command(DeferredSql).With(schema).TextsAsync(cancellationToken);
        try
        {
            // By their names: those of the present schema are left as they are, since the data set counts on it.
            await Batch.RunAsync(connection, [.. deferred.Select(constraint => $"SET CONSTRAINTS {constraint} IMMEDIATE")], cancellationToken);
        }
        catch (PostgresException error) when (error.SqlState.StartsWith("23", StringComparison.Ordinal))
        {
            throw new DemoDataException(DemoDataFault.BrokenMigration, $"{migrations.Description}: {error.MessageText}. Nothing was changed.", error);
        }
    }

    private async Task<IReadOnlyList<FilledPart>> FillAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var parts = await Filling.RunAsync(connection, data, cancellationToken);
        log.Done("seed", $"{data.Description}: {Rebuilt.Counted(parts)}", time.GetElapsedTime(began));
        return parts;
    }

    private static string Number(long count) => count.ToString("N0", System.Globalization.CultureInfo.InvariantCulture);
}
