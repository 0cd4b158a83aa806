using Npgsql;

namespace Slipway.DemoData.Catalog;

/// <summary>
/// Everything that a schema is made of, but its rows: one line of text for each table, column, constraint, index, view, type, function
/// and so on, as the server would write it. Two schemas with equal lines are the same but for their rows. What belongs to an extension is
/// left out, and so are owners and privileges, which are not the schema's own.
/// </summary>
internal static class SchemaCatalog
{
    /// <summary>The lines, sorted. The names in them are qualified whatever the search path is, which is as before afterwards.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        var lines = await SearchPath.WithoutAsync(connection, () => connection.Command(CatalogSql.Lines).With(schema).TextsAsync(cancellationToken), cancellationToken);
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }
}
