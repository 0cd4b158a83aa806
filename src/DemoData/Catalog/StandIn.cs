using Npgsql;

namespace Slipway.DemoData.Catalog;

/// <summary>
/// A new, empty schema under the name of the present one, for the length of a transaction: what migrations and data sets call by the
/// schema's name lands there, while everybody else goes on with the present one, since nobody sees a name that is not committed. Before the
/// commit the present one gets its name back.
/// </summary>
internal sealed class StandIn
{
    private const string ExtensionsSql =
        """
        SELECT extname FROM pg_catalog.pg_extension AS e JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace WHERE n.nspname = $1 ORDER BY extname
        """;

    /// <summary>
    /// Rows that are visible although nobody has committed them are our own. Counted from our own number, as numbers begin anew after four
    /// thousand million: an old row may have a greater one, of which the server says nothing but that it lies in the future.
    /// </summary>
    private const string StrayedSql =
        """
        WITH mine AS (SELECT pg_current_xact_id()::text::bigint AS full_id)
        SELECT made.identity FROM (
            SELECT n.nspname AS space, format('%I.%I', n.nspname, c.relname) AS identity, -age(c.xmin) AS later
            FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
                AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS e WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
            UNION ALL
            SELECT n.nspname, p.oid::regprocedure::text, -age(p.xmin)
            FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
            WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS e WHERE e.classid = 'pg_catalog.pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e')
            UNION ALL
            SELECT n.nspname, t.oid::regtype::text, -age(t.xmin)
            FROM pg_catalog.pg_type AS t JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace WHERE t.typtype IN ('e', 'd')
                AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS e WHERE e.classid = 'pg_catalog.pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e')
        ) AS made, mine
        WHERE made.space <> $1 AND made.space <> $2 AND made.space !~ '^pg_'
            AND made.later BETWEEN 0 AND 1000000 AND pg_xact_status((mine.full_id + made.later)::text::xid8) = 'in progress'
        ORDER BY 1 LIMIT 5
        """;

    private readonly NpgsqlConnection _connection;
    private readonly string _schema;
    private readonly IReadOnlyList<string> _lent;

    private StandIn(NpgsqlConnection connection, string schema, long token, IReadOnlyList<string> before, IReadOnlyList<string> lent, IReadOnlyList<string> kept, string path)
    {
        (_connection, _schema, _lent) = (connection, schema, lent);
        (Retired, Scratch, Before, Kept, SearchPath) = (Leftovers.RetiredOf(token), Leftovers.ScratchOf(token), before, kept, path);
    }

    /// <summary>Name of the present schema meanwhile.</summary>
    public string Retired { get; }

    /// <summary>Name of the new one afterwards.</summary>
    public string Scratch { get; }

    /// <summary>The catalog of the present one.</summary>
    public IReadOnlyList<string> Before { get; }

    /// <summary>
    /// Extensions of the present schema that could not be lent to the new one: what they provide is found, but not under the schema's name.
    /// </summary>
    public IReadOnlyList<string> Kept { get; }

    /// <summary>The search path for whoever fills the new one.</summary>
    public string SearchPath { get; }

    /// <param name="connection">In a transaction.</param>
    /// <param name="schema">The schema; it exists.</param>
    /// <param name="token">Makes the names unique.</param>
    public static async Task<StandIn> BeginAsync(NpgsqlConnection connection, string schema, long token, CancellationToken cancellationToken)
    {
        var retired = Leftovers.RetiredOf(token);
        var before = await SchemaCatalog.ReadAsync(connection, schema, cancellationToken);
        var grants = await Privileges.OfSchemaAsync(connection, schema, cancellationToken);
        await connection.RunAsync($"ALTER SCHEMA {Sql.Quote(schema)} RENAME TO {retired}", cancellationToken);
        await connection.RunAsync($"CREATE SCHEMA {Sql.Quote(schema)}", cancellationToken);
        await Batch.RunAsync(connection, grants, cancellationToken);
        var extensions = await connection.Command(ExtensionsSql).With(retired).TextsAsync(cancellationToken);
        var lent = new List<string>();
        foreach (var extension in extensions)
        {
            if (await TryLendAsync(connection, extension, schema, cancellationToken))
            {
                lent.Add(extension);
            }
        }

        var kept = extensions.Except(lent).ToList();
        var usual = await connection.Command("SELECT current_setting('search_path')").ScalarAsync<string>(cancellationToken);
        var path = string.Join(", ", ((string?[])[Sql.Quote(schema), kept.Count > 0 ? retired : null, usual]).Where(part => !string.IsNullOrEmpty(part)));
        await connection.RunAsync($"SET LOCAL search_path = {path}", cancellationToken);
        return new StandIn(connection, schema, token, before, lent, kept, path);
    }

    /// <summary>Names of extensions that the migrations have created in the new schema.</summary>
    public async Task<IReadOnlyList<string>> NewExtensionsAsync(CancellationToken cancellationToken) =>
        [.. (await _connection.Command(ExtensionsSql).With(_schema).TextsAsync(cancellationToken)).Except(_lent)];

    /// <summary>The catalog of the new one. Where an extension could not be lent to it, its types are called as the present schema calls them.</summary>
    public async Task<IReadOnlyList<string>> AfterAsync(CancellationToken cancellationToken) =>
        Renamed(await SchemaCatalog.ReadAsync(_connection, _schema, cancellationToken), Retired);

    /// <summary>What the migrations have done elsewhere, which nobody could undo or replace; null when nothing.</summary>
    public async Task<string?> StrayedAsync(CancellationToken cancellationToken)
    {
        var elsewhere = await _connection.Command(StrayedSql).With(_schema).With(Retired).TextsAsync(cancellationToken);
        if (elsewhere.Count > 0)
        {
            return $"created outside of schema {_schema}: {string.Join(", ", elsewhere)}";
        }

        var present = await PresentAsync(cancellationToken);
        var first = Before.Except(present).Concat(present.Except(Before)).FirstOrDefault();
        return first is null ? null : $"changed the present schema, at: {first}";
    }

    /// <summary>Gives the present schema its name back.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        foreach (var extension in _lent)
        {
            await _connection.RunAsync($"ALTER EXTENSION {Sql.Quote(extension)} SET SCHEMA {Retired}", cancellationToken);
        }

        await _connection.RunAsync($"ALTER SCHEMA {Sql.Quote(_schema)} RENAME TO {Scratch}", cancellationToken);
        await _connection.RunAsync($"ALTER SCHEMA {Retired} RENAME TO {Sql.Quote(_schema)}", cancellationToken);
        await _connection.RunAsync(Leftovers.Mark(Scratch), cancellationToken);
        await _connection.RunAsync($"SET LOCAL search_path = {SearchPath}", cancellationToken);
    }

    private static async Task<bool> TryLendAsync(NpgsqlConnection connection, string extension, string schema, CancellationToken cancellationToken)
    {
        await connection.RunAsync("SAVEPOINT lending", cancellationToken);
        try
        {
            await connection.RunAsync($"ALTER EXTENSION {Sql.Quote(extension)} SET SCHEMA {Sql.Quote(schema)}", cancellationToken);
            await connection.RunAsync("RELEASE lending", cancellationToken);
            return true;
        }
        catch (PostgresException error) when (error.SqlState
            is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.LockNotAvailable)
        {
            // It cannot be moved, or not by this role, or somebody reads a table of it. Then its old place is searched, too.
            await connection.RunAsync("ROLLBACK TO lending", cancellationToken);
            return false;
        }
    }

    /// <summary>
    /// The catalog of the present one, as it is now. It gets its name back for that, since names within texts are written in too many ways to
    /// be exchanged afterwards; only the types of lent extensions are called by the other name then.
    /// </summary>
    private async Task<IReadOnlyList<string>> PresentAsync(CancellationToken cancellationToken)
    {
        var name = Sql.Quote(_schema);
        await Batch.RunAsync(_connection, [$"ALTER SCHEMA {name} RENAME TO {Scratch}", $"ALTER SCHEMA {Retired} RENAME TO {name}"], cancellationToken);
        var lines = Renamed(await SchemaCatalog.ReadAsync(_connection, _schema, cancellationToken), Scratch);
        await Batch.RunAsync(_connection, [$"ALTER SCHEMA {name} RENAME TO {Retired}", $"ALTER SCHEMA {Scratch} RENAME TO {name}"], cancellationToken);
        return lines;
    }

    private List<string> Renamed(IEnumerable<string> lines, string from)
    {
        var plain = _schema.All(letter => letter is '_' or (>= 'a' and <= 'z') or (>= '0' and <= '9')) ? _schema : Sql.Quote(_schema);
        return [.. lines.Select(line => line.Replace($"{from}.", $"{plain}.", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }
}
