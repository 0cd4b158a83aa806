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
    /// What is sent for it. An extension belongs to the whole database and so is there already when a schema is made new, as is the schema
    /// itself: to create what exists is no mistake of a migration that was written to be applied once, or by pg_dump. And a setting ends with
    /// the transaction, so that the session afterwards has what it had before.
    /// </summary>
    public static string Adapted(string statement) => SqlWords.First(statement, 6) switch
    {
        ["CREATE", "EXTENSION", not "IF", ..] => Insert(statement, 1, " IF NOT EXISTS"),
        // One that creates things in it as well cannot say so.
        ["CREATE", "SCHEMA", not "IF", "", ..] or ["CREATE", "SCHEMA", not "IF", "AUTHORIZATION", _, ""] => Insert(statement, 1, " IF NOT EXISTS"),
        ["SET", "LOCAL" or "TRANSACTION" or "CONSTRAINTS", ..] or ["SET", "SESSION", "CHARACTERISTICS", ..] => statement,
        ["SET", "SESSION", not "AUTHORIZATION", ..] => $"SET LOCAL{statement[SqlWords.Tokens(statement).ElementAt(1).End..]}",
        ["SET", ..] => Insert(statement, 0, " LOCAL"),
        _ => statement,
    };

    /// <summary>Whether a script may have set this for longer than the transaction: by <c>set_config</c>, RESET or the like.</summary>
    public static bool IsSetForSession(SqlScript script, string setting) =>
        setting.StartsWith("default_transaction_", StringComparison.Ordinal) || script.Statements.Any(
            statement => statement.Text.Contains(setting, StringComparison.OrdinalIgnoreCase) && SqlWords.First(statement.Text, 1) is not ["SET"]);

    /// <summary>Behind the token with this index.</summary>
    private static string Insert(string statement, int token, string words)
    {
        var end = SqlWords.Tokens(statement).ElementAt(token).End;
        return $"{statement[..end]}{words}{statement[end..]}";
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
