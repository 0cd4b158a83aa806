namespace Slipway.DemoData.Scripts;

/// <summary>Which statements a script may have, where all files are one transaction that somebody else begins and ends.</summary>
internal static class StatementRules
{
    private const string OneTransaction = "all files run in one transaction, which is kept or undone as a whole";

    /// <summary>Whether it begins or ends a transaction as any script may: it means nothing here.</summary>
    public static bool IsSkipped(SqlStatement statement) => SqlWords.First(statement.Text, 2) switch
    {
        ["BEGIN" or "END", _] or ["START", "TRANSACTION"] => true,
        ["COMMIT", not "PREPARED"] => true,
        _ => false,
    };

    /// <summary>Why it must not run; null if it may.</summary>
    public static string? Refusal(SqlStatement statement) => SqlWords.First(statement.Text, 5) switch
    {
        ["ROLLBACK", "TO", ..] or ["ROLLBACK", "WORK" or "TRANSACTION", "TO", ..] => null,
        ["ROLLBACK" or "ABORT" or "COMMIT", ..] or ["PREPARE", "TRANSACTION", ..] => OneTransaction,
        ["COPY", ..] when IsCopyOut(statement) => "there is nobody to copy to",
        ["COPY", ..] when statement.CopyData is not null && Keywords(statement).Contains("BINARY") => "the rows of a script are text",
        ["SET", "SESSION" or "LOCAL", var name, _, var value] => RefusalOf(name, value),
        ["SET", var name, "TO" or "=", var value, _] => RefusalOf(name, value),
        ["SET", "NAMES", var value, ..] => RefusalOf("CLIENT_ENCODING", value),
        _ => null,
    };

    /// <summary>
    /// What is sent for it. Extensions belong to the whole database and so are there already when a schema is made new: to create one that
    /// exists is no mistake of a migration that was written to be applied once.
    /// </summary>
    public static string Adapted(string statement)
    {
        if (SqlWords.First(statement, 3) is not ["CREATE", "EXTENSION", not "IF"])
        {
            return statement;
        }

        var end = SqlWords.Tokens(statement).ElementAt(1).End;
        return $"{statement[..end]} IF NOT EXISTS{statement[end..]}";
    }

    private static string? RefusalOf(string name, string value) => (name, value) switch
    {
        ("CLIENT_ENCODING", not ("UTF8" or "UTF-8" or "UNICODE" or "DEFAULT")) => "files are UTF-8",
        ("STANDARD_CONFORMING_STRINGS", not ("ON" or "TRUE" or "YES" or "1" or "DEFAULT")) =>
            "a backslash within quotes is a backslash; write E'...' for escapes",
        _ => null,
    };

    private static bool IsCopyOut(SqlStatement statement)
    {
        var words = Keywords(statement).ToList();
        return words.Zip(words.Skip(1)).Contains(("TO", "STDOUT"));
    }

    private static IEnumerable<string> Keywords(SqlStatement statement) =>
        SqlWords.Tokens(statement.Text).Select(token => SqlWords.Keyword(statement.Text, token));
}
