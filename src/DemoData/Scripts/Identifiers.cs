namespace Slipway.DemoData.Scripts;

/// <summary>Names of the database, as SQL writes them.</summary>
internal static class Identifiers
{
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"")}\"";

    /// <summary>The name that a token means: without quotes it is folded to lower case.</summary>
    public static string Read(string text, SqlToken token)
    {
        var name = text[token.Start..token.End];
        return token.Kind == SqlTokenKind.QuotedName ? name[1..^1].Replace("\"\"", "\"") : name.ToLowerInvariant();
    }
}
