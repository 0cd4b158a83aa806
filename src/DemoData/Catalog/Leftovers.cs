using System.Globalization;
using Npgsql;

namespace Slipway.DemoData.Catalog;

/// <summary>The schemas beside, made and removed by us; a run that was killed leaves them to the next one.</summary>
internal static class Leftovers
{
    private const string Comment = "Made by slipway reset-demo-data beside the real one; the next run removes it.";

    private const string FindSql =
        """
        SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname ~ '^slipway_(scratch|old)_[0-9]+$' AND obj_description(oid, 'pg_namespace') = $1 ORDER BY nspname
        """;

    public static string ScratchOf(long token) => string.Create(CultureInfo.InvariantCulture, $"slipway_scratch_{token}");

    public static string RetiredOf(long token) => string.Create(CultureInfo.InvariantCulture, $"slipway_old_{token}");

    /// <summary>The statement that marks a schema as ours.</summary>
    public static string Mark(string schema) => $"COMMENT ON SCHEMA {schema} IS {Sql.Literal(Comment)}";

    /// <summary>Removes those that nobody uses; the others are left to a later run.</summary>
    /// <returns>Names of the schemas that were removed.</returns>
    public static async Task<IReadOnlyList<string>> RemoveAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var removed = new List<string>();
        foreach (var schema in await connection.Command(FindSql).With(Comment).TextsAsync(cancellationToken))
        {
            await Batch.RunAsync(connection, ["SAVEPOINT removing", TableLocks.Bound], cancellationToken);
            try
            {
                await Batch.RunAsync(connection, [$"DROP SCHEMA {schema} CASCADE", "SET LOCAL lock_timeout = 0", "RELEASE removing"], cancellationToken);
                removed.Add(schema);
            }
            catch (PostgresException error) when (Faults.IsInTheWay(error))
            {
                // Somebody looks at it, perhaps a dump of everything. It is in nobody's way.
                await connection.RunAsync("ROLLBACK TO removing", cancellationToken);
            }
        }

        return removed;
    }
}
