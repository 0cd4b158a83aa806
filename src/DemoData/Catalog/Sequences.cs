using Npgsql;

namespace Slipway.DemoData.Catalog;

/// <summary>
/// Numbers that were given out are never given out again: the data set finds sequences that begin anew, so that it comes out the same every
/// time, and afterwards they go on behind whatever is greater, its numbers or the former ones.
/// </summary>
internal static class Sequences
{
    private const string PositionsSql =
        """
        SELECT format('SELECT %L, last_value, is_called FROM %I.%I', c.relname, n.nspname, c.relname)
        FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relkind = 'S' AND ($2::bigint[] IS NULL OR EXISTS (SELECT FROM pg_catalog.pg_depend AS d
            WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.refclassid = d.classid AND d.deptype IN ('a', 'i') AND d.refobjid::bigint = ANY ($2)))
        ORDER BY c.relname
        """;

    private const string IncrementsSql =
        """
        SELECT c.relname, s.seqincrement FROM pg_catalog.pg_sequence AS s
        JOIN pg_catalog.pg_class AS c ON c.oid = s.seqrelid JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = $1
        """;

    /// <summary>Where the sequences of a schema stand.</summary>
    /// <param name="tables">Only those that belong to these tables; null for all.</param>
    public static async Task<IReadOnlyList<Position>> PositionsAsync(
        NpgsqlConnection connection, string schema, long[]? tables, CancellationToken cancellationToken)
    {
        var queries = await connection.Command(PositionsSql).With(schema).With(tables).TextsAsync(cancellationToken);
        return queries.Count == 0
            ? []
            : await connection.Command(string.Join(" UNION ALL ", queries))
                .ListAsync(row => new Position(row.GetString(0), row.GetInt64(1), row.GetBoolean(2)), cancellationToken);
    }

    /// <summary>
    /// The statements that begin them anew: taken back if the transaction is. They keep everybody from drawing numbers until it ends, but nobody
    /// from reading tables.
    /// </summary>
    public static IEnumerable<string> Restart(string schema, IEnumerable<Position> positions) =>
        positions.Select(position => $"ALTER SEQUENCE {Sql.Quote(schema)}.{Sql.Quote(position.Name)} RESTART");

    /// <summary>The statements that put them where others stand; those that others do not have stay.</summary>
    public static IEnumerable<string> Set(string schema, IEnumerable<Position> positions) =>
        positions.Select(position => $"SELECT setval('{Qualified(schema, position.Name)}', {position.Value}, {(position.IsCalled ? "true" : "false")})");

    /// <summary>Puts each sequence of the schema that stands behind its former position there.</summary>
    public static async Task GoOnAsync(NpgsqlConnection connection, string schema, IReadOnlyList<Position> former, CancellationToken cancellationToken)
    {
        var increments = (await connection.Command(IncrementsSql).With(schema).ListAsync(row => (Name: row.GetString(0), Step: row.GetInt64(1)), cancellationToken))
            .ToDictionary(entry => entry.Name, entry => entry.Step);
        var now = (await PositionsAsync(connection, schema, null, cancellationToken)).ToDictionary(position => position.Name);
        var behind = former.Where(position => now.TryGetValue(position.Name, out var reached) && reached.IsBehind(position, increments[position.Name]));
        await Batch.RunAsync(connection, [.. Set(schema, behind)], cancellationToken);
    }

    private static string Qualified(string schema, string name) => $"{Sql.Quote(schema)}.{Sql.Quote(name)}".Replace("'", "''", StringComparison.Ordinal);

    /// <summary>Where a sequence stands.</summary>
    /// <param name="Value">The number that was given out last, or will be first.</param>
    /// <param name="IsCalled">Whether it was given out.</param>
    internal sealed record Position(string Name, long Value, bool IsCalled)
    {
        /// <summary>Whether the other one has given out numbers that this one would give out again.</summary>
        public bool IsBehind(Position other, long step) =>
            Value == other.Value ? other.IsCalled && !IsCalled : step > 0 ? Value < other.Value : Value > other.Value;
    }
}
