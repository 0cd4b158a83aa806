using Npgsql;

namespace Slipway.DemoData.Scripts;

/// <summary>What PostgreSQL says against a CSV, told to people.</summary>
/// <param name="rows">How far the file was read.</param>
internal sealed class CsvError(string file, string table, IReadOnlyList<string> columns, CsvRows rows)
{
    private const string HowTablesAreNamed = "\nHINT: the table is called like the file, without extension and without digits in front";

    public DemoDataException Explain(PostgresException error)
    {
        var place = CopyPlace.Find(error.Where, table, columns);
        var line = place?.Line;
        var message = error.MessageText;
        if (error.SqlState == PostgresErrorCodes.BadCopyFileFormat && rows.OpenQuoteLine is { } open && line >= open)
        {
            (line, message) = (open, $"{message}: the quote that begins here is not closed");
        }
        else if (line is null && IsAboutNames(error))
        {
            line = 1;
        }

        return new DemoDataException(
            DemoDataFault.BrokenDataSet,
            $"{file}{(line is null ? "" : $", line {line}")}{(ColumnOf(error, place) is { } column ? $", column {column}" : "")}: {message}"
            + ServerErrors.Details(error) + (error.SqlState == PostgresErrorCodes.UndefinedTable ? HowTablesAreNamed : ""),
            error);
    }

    /// <summary>A column that the table does not have, that is named twice, or that is computed.</summary>
    private static bool IsAboutNames(PostgresException error) => error.SqlState
        is PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.DuplicateColumn or PostgresErrorCodes.InvalidColumnReference;

    /// <summary>As PostgreSQL tells, or as its message ends: <c>missing data for column "name"</c>.</summary>
    private string? ColumnOf(PostgresException error, CopyPlace? place) =>
        place?.Column ?? error.ColumnName ?? columns.FirstOrDefault(
            column => error.SqlState == PostgresErrorCodes.BadCopyFileFormat
                && error.MessageText.EndsWith($"\"{column}\"", StringComparison.Ordinal));
}
