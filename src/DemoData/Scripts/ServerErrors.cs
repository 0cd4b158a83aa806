using Npgsql;

namespace Slipway.DemoData.Scripts;

/// <summary>What PostgreSQL says against a statement, told to people.</summary>
internal static class ServerErrors
{
    private const int Excerpt = 100;

    /// <summary>What the client puts in the place of a detail unless the connection string says <c>Include Error Detail=true</c>.</summary>
    private const string Redacted = "Detail redacted";

    private const string IdleInTransactionSessionTimeout = "25P03";
    private const string TransactionTimeout = "25P04";

    private const string NotInTransaction =
        "all files run in one transaction, and nobody uses the tables before it ends: CONCURRENTLY is not needed, VACUUM and the like do not fit";

    /// <summary>
    /// Whether the statement is to blame; not if the same one might succeed another time: the server is away or short of something,
    /// somebody else held a lock, a time is over, or somebody cancelled it.
    /// </summary>
    public static bool Blames(PostgresException error) => error.SqlState switch
    {
        PostgresErrorCodes.LockNotAvailable
            or PostgresErrorCodes.ReadOnlySqlTransaction
            or IdleInTransactionSessionTimeout
            or TransactionTimeout => false,
        // Connection, rollback by conflict, resources, intervention (shutdown, cancel), and the system's own errors.
        ['0', '8', ..] or ['4', '0', ..] or ['5', '3' or '7' or '8', ..] => false,
        _ => true,
    };

    /// <summary>An error of a statement of a script.</summary>
    public static DemoDataException Explain(DemoDataFault fault, string file, SqlStatement statement, PostgresException error)
    {
        var place = statement.CopyData is { } rows && TargetTables.Of(statement.Text) is [var table]
            && CopyPlace.Find(error.Where, table) is { } found
            ? $"line {rows.Line + found.Line - 1}{(found.Column is null ? "" : $", column {found.Column}")}"
            : $"line {LineOf(statement, error)}";
        var message = $"{file}, {place}: {error.MessageText} ({error.SqlState}), in: {Cut(statement.Text)}{Details(error)}";
        return new DemoDataException(fault, message, error);
    }

    /// <summary>What else there is to say, on lines of its own.</summary>
    public static string Details(PostgresException error)
    {
        var hint = error.SqlState == PostgresErrorCodes.ActiveSqlTransaction ? NotInTransaction : error.Hint;
        var isTold = !string.IsNullOrEmpty(error.Detail) && !error.Detail.StartsWith(Redacted, StringComparison.Ordinal);
        return (isTold ? $"\nDETAIL: {error.Detail}" : "") + (string.IsNullOrEmpty(hint) ? "" : $"\nHINT: {hint}");
    }

    /// <summary>The beginning of a statement, on one line.</summary>
    public static string Cut(string statement)
    {
        var words = statement[..Math.Min(statement.Length, 4 * Excerpt)].Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var line = string.Join(' ', words);
        var length = line.Length > Excerpt && char.IsHighSurrogate(line[Excerpt - 1]) ? Excerpt - 1 : Math.Min(Excerpt, line.Length);
        return length < line.Length || statement.Length > 4 * Excerpt ? $"{line[..length]} ..." : line;
    }

    /// <summary>Where PostgreSQL points to, else where the statement begins.</summary>
    private static int LineOf(SqlStatement statement, PostgresException error)
    {
        var position = error.Position > 0 ? error.Position : error.InternalQuery?.TrimEnd() == statement.Text ? error.InternalPosition : 0;
        return statement.Line + statement.Text.AsSpan(0, IndexOf(statement.Text, position)).Count('\n');
    }

    /// <summary>PostgreSQL counts characters from 1 on, which may be pairs here.</summary>
    private static int IndexOf(string text, int position)
    {
        var index = 0;
        for (var character = 1; character < position && index < text.Length; character++)
        {
            index += char.IsHighSurrogate(text[index]) ? 2 : 1;
        }

        return Math.Min(index, text.Length);
    }
}
