namespace Slipway.DemoData.Scripts;

/// <summary>The words of a statement.</summary>
internal static class SqlWords
{
    /// <summary>Its tokens, lazily.</summary>
    public static IEnumerable<SqlToken> Tokens(string statement)
    {
        var scanner = new SqlScanner(statement);
        while (scanner.TryNext(out var token))
        {
            yield return token;
        }
    }

    /// <summary>A keyword in upper case; empty for whatever is no word.</summary>
    public static string Keyword(string statement, SqlToken token) =>
        token.Kind == SqlTokenKind.Word ? statement[token.Start..token.End].ToUpperInvariant() : "";

    /// <summary>The first tokens as they stand, in upper case, without quotes; empty ones behind the end.</summary>
    public static string[] First(string statement, int count)
    {
        var words = Tokens(statement).Take(count).Select(token => statement[token.Start..token.End].Trim('\'', '"').ToUpperInvariant());
        return [.. words.Concat(Enumerable.Repeat("", count)).Take(count)];
    }
}
