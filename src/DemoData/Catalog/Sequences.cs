using Npgsql;

namespace Slipway.DemoData.Catalog;

/// <summary>
/// Numbers that were given out are never given out again: the data set finds sequences that begin anew, so that it comes out the same every
/// time, and afterwards they go on behind whatever is greater, its numbers or the former ones.
/// </summary>
internal static class Sequences
{
    /// <summary>Of the schema $1; those that belong to the tables $2 or give them their defaults, or all.</summary>
    private const string FoundSql =
        """
        FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_catalog.pg_sequence AS s ON s.seqrelid = c.oid
        WHERE n.nspname = $1 AND ($2::bigint[] IS NULL
            OR EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.refclassid = d.classid
                AND d.deptype IN ('a', 'i') AND d.refobjid::bigint = ANY ($2))
            OR EXISTS (SELECT FROM pg_catalog.pg_depend AS d JOIN pg_catalog.pg_attrdef AS a ON a.oid = d.objid WHERE d.classid = 'pg_catalog.pg_attrdef'::regclass
                AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = c.oid AND a.adrelid::bigint = ANY ($2)))
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS e WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
        ORDER BY c.relname
        """;

    private const string PositionsSql = $"SELECT format('SELECT %L, last_value, is_called FROM %I.%I', c.relname, n.nspname, c.relname) {FoundSql}";

    /// <summary>There is no statement that only locks a sequence. This one sets what is set already.</summary>
    private const string LocksSql = $"SELECT format('ALTER SEQUENCE %I.%I CACHE %s', n.nspname, c.relname, s.seqcache) {FoundSql}";

    private const string BoundsSql =
        """
        SELECT c.relname, s.seqincrement, s.seqmin, s.seqmax FROM pg_catalog.pg_sequence AS s
        JOIN pg_catalog.pg_class AS c ON c.oid = s.seqrelid JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = $1
        """;

    /// <summary>Where the sequences of a schema stand.</summary>
    /// <param name="tables">Only those that are used for these tables; null for all.</param>
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
    /// Begins them anew: taken back if the transaction is. From here on nobody draws numbers until it ends, also who does not touch the tables;
    /// but everybody may read.
    /// </summary>
    /// <returns>Where they stood, with every number that anybody has drawn.</returns>
    public static async Task<IReadOnlyList<Position>> RestartAsync(NpgsqlConnection connection, string schema, long[]? tables, CancellationToken cancellationToken)
    {
        await Batch.RunAsync(connection, await connection.Command(LocksSql).With(schema).With(tables).TextsAsync(cancellationToken), cancellationToken);
        var positions = await PositionsAsync(connection, schema, tables, cancellationToken);
        await Batch.RunAsync(
            connection, [.. positions.Select(position => $"ALTER SEQUENCE {Sql.Quote(schema)}.{Sql.Quote(position.Name)} RESTART")], cancellationToken);
        return positions;
    }

    /// <summary>The statements that put them where others stand; those that others do not have stay.</summary>
    public static IEnumerable<string> Set(string schema, IEnumerable<Position> positions) =>
        positions.Select(position =>
            $"SELECT setval({Sql.Literal($"{Sql.Quote(schema)}.{Sql.Quote(position.Name)}")}, {position.Value}, {(position.IsCalled ? "true" : "false")})");

    /// <summary>Puts each sequence of the schema that stands behind its former position there, if it can go that far.</summary>
    public static async Task GoOnAsync(NpgsqlConnection connection, string schema, IReadOnlyList<Position> former, CancellationToken cancellationToken)
    {
        var bounds = (await connection.Command(BoundsSql).With(schema)
                .ListAsync(row => (Name: row.GetString(0), Step: row.GetInt64(1), Least: row.GetInt64(2), Greatest: row.GetInt64(3)), cancellationToken))
            .ToDictionary(entry => entry.Name);
        var now = (await PositionsAsync(connection, schema, null, cancellationToken)).ToDictionary(position => position.Name);
        var behind = former.Where(position => now.TryGetValue(position.Name, out var reached) && bounds[position.Name] is var (_, step, least, greatest)
            && position.Value >= least && position.Value <= greatest && reached.IsBehind(position, step));
        await Batch.RunAsync(connection, [.. Set(schema, behind)], cancellationToken);
    }

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
