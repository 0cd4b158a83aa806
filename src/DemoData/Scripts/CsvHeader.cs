namespace Slipway.DemoData.Scripts;

/// <summary>The first line of a CSV.</summary>
internal static class CsvHeader
{
    /// <summary>The names of the columns: with or without quotes, exactly as they are called in the database.</summary>
    /// <returns>Null if it is none: a name is empty, or a quote is not closed.</returns>
    public static IReadOnlyList<string>? Parse(string line)
    {
        var names = new List<string>();
        for (var at = 0; at <= line.Length; at++)
        {
            var end = EndOf(line, at);
            var name = line[at..end].Trim();
            name = name is ['"', .., '"'] ? name[1..^1].Replace("\"\"", "\"") : name;
            if (name.Length == 0 || name[0] == '"')
            {
                return null;
            }

            names.Add(name);
            at = end;
        }

        return names;
    }

    /// <summary>Index of the comma that ends the name, or of the line's end.</summary>
    private static int EndOf(string line, int start)
    {
        var quoted = false;
        var end = start;
        for (; end < line.Length && (quoted || line[end] != ','); end++)
        {
            quoted ^= line[end] == '"';
        }

        return end;
    }
}
