namespace Slipway.Benchmarks.Results;

/// <summary>The page on which results are published: everything around the two markers is written by people and stays.</summary>
internal static class ResultPage
{
    private const string Begin = "<!-- results: written by make bench -->\n";
    private const string End = "<!-- end of results -->";

    /// <exception cref="InvalidDataException">The page lacks a marker.</exception>
    public static async Task RewriteAsync(string path, string results)
    {
        var page = await File.ReadAllTextAsync(path);
        var begin = page.IndexOf(Begin, StringComparison.Ordinal);
        var end = page.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
        {
            throw new InvalidDataException($"{path} needs the lines '{Begin.Trim()}' and '{End}', in this order: results go between them.");
        }

        await File.WriteAllTextAsync(path, $"{page[..(begin + Begin.Length)]}{results}{page[end..]}");
    }
}
