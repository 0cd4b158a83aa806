using System.Text.RegularExpressions;
using Slipway.Testing;

namespace Slipway.Ledger.Tests.Slugs;

/// <summary>What docs/slugs.md says that can be checked.</summary>
internal static partial class SlugPage
{
    private static readonly string[] Lines = File.ReadAllLines(Repository.PathOf("docs/slugs.md"));

    /// <summary>The table of names, with the slug that a team of that name gets.</summary>
    public static IReadOnlyList<(string Name, string Slug)> Names { get; } =
        [.. Lines.SkipWhile(line => line != "| Name | Slug |").Skip(2).TakeWhile(line => line.StartsWith('|')).Select(ToRow)];

    public static IReadOnlyList<string> ReservedWords { get; } =
        [.. Lines.SkipWhile(line => line != "## Reserved words").SelectMany(line => Quoted().Matches(line)).Select(word => word.Groups[1].Value)];

    private static (string Name, string Slug) ToRow(string line) => Row().Match(line) is { Success: true } row
        ? (Text(row.Groups[1].Value, row.Groups[2].Value), Text(row.Groups[3].Value, row.Groups[4].Value))
        : throw new InvalidDataException($"No row of two cells, each `text` or `text` × number: {line}");

    /// <summary>The text of a cell: <c>\u0301</c> is that character, and a number behind it says how often.</summary>
    private static string Text(string quoted, string times) =>
        string.Concat(Enumerable.Repeat(Regex.Unescape(quoted), times.Length == 0 ? 1 : int.Parse(times)));

    [GeneratedRegex(@"^\| `([^`|]+)`(?: × (\d+))? \| `([^`|]+)`(?: × (\d+))? \|$")]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
