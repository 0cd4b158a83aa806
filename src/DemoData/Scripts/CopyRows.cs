using System.Text;

namespace Slipway.DemoData.Scripts;

/// <summary>How many rows the data of a COPY are, which the client's interface does not tell.</summary>
internal static class CopyRows
{
    public static long Count(string copy, string rows)
    {
        var words = SqlWords.Tokens(copy).Select(token => SqlWords.Keyword(copy, token)).ToHashSet();
        if (words.Contains("CSV"))
        {
            var csv = new CsvRows();
            csv.Read(Encoding.UTF8.GetBytes(rows));
            return csv.Count - (words.Contains("HEADER") ? 1 : 0);
        }

        // A line end behind a backslash belongs to a value.
        var count = rows.Length > 0 && rows[^1] != '\n' ? 1L : 0L;
        for (var end = rows.IndexOf('\n'); end >= 0; end = rows.IndexOf('\n', end + 1))
        {
            var before = rows.AsSpan(0, end).TrimEnd('\r');
            count += (before.Length - before.TrimEnd('\\').Length) % 2 == 0 ? 1 : 0;
        }

        return count;
    }
}
