using Npgsql;

namespace Slipway.Ledger;

/// <summary>What a migration run did.</summary>
/// <param name="Version">The schema's version now; higher than what this program knows if a newer one migrated it compatibly.</param>
/// <param name="Applied">The names of the files that this run applied, in order.</param>
public sealed record MigrationResult(int Version, IReadOnlyList<string> Applied);

/// <summary>
/// Brings the schema up to what this program knows. Forward only; each file in a transaction of its own, under an advisory lock that
/// ends with the transaction, so that any number of operators may start at once and one that dies leaves nothing half done.
/// </summary>
public sealed class Migrator
{
    /// <summary>What exists is not created again: an operator without the right to create a schema can still work on one that is there.</summary>
    private const string Prepare = """
        SELECT pg_advisory_xact_lock(hashtextextended('slipway.migrations', 0));
        DO $$ BEGIN
            IF to_regclass('slipway.schema_migrations') IS NULL THEN
                CREATE SCHEMA IF NOT EXISTS slipway;
                CREATE TABLE slipway.schema_migrations (
                    version    integer PRIMARY KEY,
                    works_with integer NOT NULL,
                    applied_at timestamptz NOT NULL,
                    name       text NOT NULL,
                    checksum   text NOT NULL
                );
            END IF;
        END $$;
        """;

    private const string Applied = "SELECT version, works_with, checksum FROM slipway.schema_migrations ORDER BY version";

    private const string Record =
        "INSERT INTO slipway.schema_migrations (version, works_with, applied_at, name, checksum) VALUES ($1, $2, $3, $4, $5)";

    private readonly NpgsqlDataSource _dataSource;
    private readonly TimeProvider _time;
    private readonly IReadOnlyList<Migration> _migrations;

    public Migrator(NpgsqlDataSource dataSource, TimeProvider time)
        : this(dataSource, time, Migration.Embedded)
    {
    }

    internal Migrator(NpgsqlDataSource dataSource, TimeProvider time, IReadOnlyList<Migration> migrations) =>
        (_dataSource, _time, _migrations) = (dataSource, time, migrations);

    /// <summary>Applies what is missing. Safe to call at every start, also by several processes at once.</summary>
    /// <exception cref="LedgerSchemaTooNewException">A newer slipway migrated the schema, and not compatibly.</exception>
    /// <exception cref="MigrationChangedException">A file that was applied says something else now.</exception>
    public async Task<MigrationResult> MigrateAsync(CancellationToken cancellationToken)
    {
        var names = new List<string>();
        while (true)
        {
            var (version, name) = await StepAsync(cancellationToken);
            if (name is null)
            {
                return new MigrationResult(version, names);
            }

            names.Add(name);
        }
    }

    /// <summary>Looks whether this program understands the schema that is there; none at all is fine. Changes nothing.</summary>
    /// <returns>The names of the files that <see cref="MigrateAsync"/> would apply, in order.</returns>
    /// <exception cref="LedgerSchemaTooNewException">A newer slipway migrated the schema, and not compatibly.</exception>
    /// <exception cref="MigrationChangedException">A file that was applied says something else now.</exception>
    public async Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _dataSource.OpenConnectionAsync(cancellationToken);
        var exists = await new NpgsqlCommand("SELECT to_regclass('slipway.schema_migrations') IS NOT NULL", connection)
            .ListAsync(reader => reader.GetBoolean(0), cancellationToken);
        var applied = exists.Contains(true) ? await new NpgsqlCommand(Applied, connection).ListAsync(Read, cancellationToken) : [];
        return [.. Missing(applied).Select(migration => migration.Name)];
    }

    /// <summary>One transaction: the next missing file, or none.</summary>
    private async Task<(int Version, string? Name)> StepAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RunAsync(Prepare);
        var applied = await new NpgsqlCommand(Applied, connection, transaction).ListAsync(Read, cancellationToken);
        var missing = Missing(applied).FirstOrDefault();
        if (missing is not null)
        {
            await RunAsync(missing.Sql);
            await new NpgsqlCommand(Record, connection, transaction)
                .With(missing.Version).With(missing.WorksWith).With(_time.GetUtcNow()).With(missing.Name).With(missing.Checksum)
                .RunAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return (missing?.Version ?? applied.Select(step => step.Version).LastOrDefault(), missing?.Name);

        // A migration takes as long as it takes.
        Task<int> RunAsync(string sql) =>
            new NpgsqlCommand(sql, connection, transaction) { CommandTimeout = 0 }.RunAsync(cancellationToken);
    }

    private static (int Version, int WorksWith, string Checksum) Read(NpgsqlDataReader reader) =>
        (reader.GetInt32(0), reader.GetInt32(1), reader.GetString(2));

    private List<Migration> Missing(IReadOnlyList<(int Version, int WorksWith, string Checksum)> applied)
    {
        var newest = _migrations[^1].Version;
        var required = applied.Select(step => step.WorksWith).DefaultIfEmpty(0).Max();
        if (required > newest)
        {
            throw new LedgerSchemaTooNewException(applied[^1].Version, required, newest);
        }

        var checksums = applied.ToDictionary(step => step.Version, step => step.Checksum);
        return _migrations.FirstOrDefault(known => checksums.TryGetValue(known.Version, out var checksum) && checksum != known.Checksum) is { } changed
            ? throw new MigrationChangedException(changed.Version, changed.Name)
            : [.. _migrations.Where(known => !checksums.ContainsKey(known.Version))];
    }
}
