namespace Slipway.DemoData.Scripts;

/// <summary>The statements of a <c>.sql</c> file, as psql would cut them.</summary>
/// <param name="Name">Of the file, for people.</param>
internal sealed record SqlScript(string Name, IReadOnlyList<SqlStatement> Statements)
{
    /// <exception cref="DemoDataException">With this fault: it cannot be read or cut; the message tells file, line and cause.</exception>
    public static SqlScript Parse(ScriptSource source, DemoDataFault fault) => Parse(source.Name, source.Read(fault), fault);

    /// <exception cref="DemoDataException">With this fault: it cannot be cut; the message tells file, line and cause.</exception>
    public static SqlScript Parse(string name, string text, DemoDataFault fault)
    {
        try
        {
            return new SqlScript(name, new SqlSplitter(text).Split());
        }
        catch (SqlSyntaxException error)
        {
            var line = 1 + text.AsSpan(0, error.Position).Count('\n');
            throw new DemoDataException(fault, $"{name}, line {line}: {error.Message}", error);
        }
    }
}
