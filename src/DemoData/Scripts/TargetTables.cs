namespace Slipway.DemoData.Scripts;

/// <summary>The tables that a statement certainly writes to, as its text tells.</summary>
internal static class TargetTables
{
    /// <summary>Far enough to find the table that follows the first words; rows may be many.</summary>
    private const int Beginning = 16;

    /// <summary>Names without schema; those of functions and triggers do not show.</summary>
    public static IReadOnlyList<string> Of(string statement)
    {
        var isLong = SqlWords.First(statement, 1) is not ["WITH" or "COPY"];
        var tokens = SqlWords.Tokens(statement).Take(isLong ? Beginning : int.MaxValue).ToList();
        return Word(0) switch
        {
            "INSERT" or "MERGE" or "UPDATE" => Written(0) is { } table ? [table] : [],
            "COPY" => IsCopyIn() && !IsSymbol(1, '(') && Name(Word(1) == "BINARY" ? 2 : 1) is { } table ? [table] : [],
            "WITH" => [.. Enumerable.Range(1, tokens.Count - 1).Select(Written).OfType<string>().Distinct()],
            _ => [],
        };

        string Word(int index) => index < tokens.Count ? SqlWords.Keyword(statement, tokens[index]) : "";

        bool IsCopyIn() => Enumerable.Range(2, Math.Max(0, tokens.Count - 2)).Any(index => Word(index) == "FROM");

        string? Written(int index) => (Word(index), Word(index + 1)) switch
        {
            ("INSERT" or "MERGE", "INTO") => Name(Word(index + 2) == "ONLY" ? index + 3 : index + 2),
            // FOR UPDATE, FOR NO KEY UPDATE, ON CONFLICT DO UPDATE, and a MERGE's THEN UPDATE name no table.
            ("UPDATE", var next) when next != "SET" && (index == 0 || Word(index - 1) is not ("FOR" or "KEY" or "DO" or "THEN")) =>
                Name(next == "ONLY" ? index + 2 : index + 1),
            _ => null,
        };

        string? Name(int index)
        {
            while (IsSymbol(index, '('))
            {
                index++;
            }

            while (IsSymbol(index + 1, '.'))
            {
                index += 2;
            }

            return index < tokens.Count && tokens[index].Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName
                ? Identifiers.Read(statement, tokens[index])
                : null;
        }

        bool IsSymbol(int index, char symbol) =>
            index < tokens.Count && tokens[index].Kind == SqlTokenKind.Symbol && statement[tokens[index].Start] == symbol;
    }
}
