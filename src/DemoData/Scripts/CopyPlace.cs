namespace Slipway.DemoData.Scripts;

/// <summary>Where in the rows of a COPY something is wrong.</summary>
/// <param name="Line">From 1 on.</param>
/// <param name="Column">Its name, if PostgreSQL has come that far.</param>
internal sealed record CopyPlace(int Line, string? Column)
{
    /// <summary>
    /// Reads <c>COPY clients, line 3, column age: "x"</c>. The words may be of another language; names and order are always these.
    /// </summary>
    /// <param name="where">The context that PostgreSQL gives with an error: of nested calls, a line each.</param>
    /// <param name="table">The table's name, without schema.</param>
    /// <param name="columns">Those that are known; the name of another one is taken to end at the first colon.</param>
    /// <returns>Null if it tells no place.</returns>
    public static CopyPlace? Find(string? where, string table, params IReadOnlyList<string> columns)
    {
        var prefix = $"COPY {table}, ";
        var line = where?.Split('\n').FirstOrDefault(part => part.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];
        var digits = line?.IndexOfAny([.. "0123456789"]) ?? -1;
        if (line is null || digits < 0)
        {
            return null;
        }

        var end = digits;
        while (end < line.Length && char.IsAsciiDigit(line[end]))
        {
            end++;
        }

        return int.TryParse(line.AsSpan(digits, end - digits), out var number) ? new CopyPlace(number, ColumnOf(line[end..], columns)) : null;
    }

    /// <summary>Of <c>, column age: "x"</c>.</summary>
    private static string? ColumnOf(string rest, IReadOnlyList<string> columns)
    {
        var word = rest.StartsWith(", ", StringComparison.Ordinal) ? rest.IndexOf(' ', 2) : -1;
        if (word < 0)
        {
            return null;
        }

        var name = rest[(word + 1)..];
        var known = columns
            .Where(column => name == column || name.StartsWith($"{column}: ", StringComparison.Ordinal))
            .MaxBy(column => column.Length);
        return known ?? (name.IndexOf(": ", StringComparison.Ordinal) is >= 0 and var end ? name[..end] : name);
    }
}
