namespace Slipway.DemoData.Scripts;

/// <summary>The tables that a statement certainly writes to, as its text tells.</summary>
internal sealed class TargetTables
{
    /// <summary>Far enough to find the table that follows the first words; rows may be many.</summary>
    private const int Beginning = 16;

    private readonly string _statement;
    private readonly IReadOnlyList<SqlToken> _tokens;

    private TargetTables(string statement)
    {
        var isSearched = SqlWords.First(statement, 1) is ["WITH" or "COPY"];
        _statement = statement;
        _tokens = [.. SqlWords.Tokens(statement).Take(isSearched ? int.MaxValue : Beginning)];
    }

    /// <summary>Names without schema; those of functions and triggers do not show.</summary>
    public static IReadOnlyList<string> Of(string statement) => [.. new TargetTables(statement).Find().OfType<string>().Distinct()];

    private IEnumerable<string?> Find() => Word(0) switch
    {
        "INSERT" or "MERGE" or "UPDATE" => [Written(0)],
        "COPY" when IsCopyIn() => [Name(Word(1) == "BINARY" ? 2 : 1)],
        "WITH" => Enumerable.Range(1, _tokens.Count - 1).Select(Written),
        _ => [],
    };

    private bool IsCopyIn() => !IsSymbol(1, '(') && Enumerable.Range(0, _tokens.Count).Any(index => Word(index) == "FROM");

    /// <summary>The table that a statement writes to which begins here; null if none does. FOR UPDATE and ... DO UPDATE SET name no table.</summary>
    private string? Written(int index) => (Word(index), Word(index + 1)) switch
    {
        ("INSERT" or "MERGE", "INTO") => Name(Word(index + 2) == "ONLY" ? index + 3 : index + 2),
        ("UPDATE", not "SET" and var next) when index == 0 || Word(index - 1) is not ("FOR" or "KEY") =>
            Name(next == "ONLY" ? index + 2 : index + 1),
        _ => null,
    };

    private string? Name(int index)
    {
        while (IsSymbol(index, '('))
        {
            index++;
        }

        while (IsSymbol(index + 1, '.'))
        {
            index += 2;
        }

        return index < _tokens.Count && _tokens[index].Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName
            ? Identifiers.Read(_statement, _tokens[index])
            : null;
    }

    private string Word(int index) => index < _tokens.Count ? SqlWords.Keyword(_statement, _tokens[index]) : "";

    private bool IsSymbol(int index, char symbol) =>
        index < _tokens.Count && _tokens[index].Kind == SqlTokenKind.Symbol && _statement[_tokens[index].Start] == symbol;
}
