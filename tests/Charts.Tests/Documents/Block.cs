using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Testing;

namespace Slipway.Charts.Tests.Documents;

/// <summary>A block of code in a page.</summary>
/// <param name="Page">The page, from the root of the repository.</param>
/// <param name="Line">Where it begins.</param>
/// <param name="Mark">What the HTML comment before it says, as in <c>fragment of: config/samples/stack.yaml</c>; empty without one.</param>
/// <param name="Text">What is in it.</param>
internal sealed partial record Block(string Page, int Line, string Mark, string Text)
{
    private const StringComparison Exact = StringComparison.Ordinal;

    private static readonly string[] Folders = ["charts", "config", "docs", "gitops", "hack"];

    /// <summary>Every page that is for users.</summary>
    public static IReadOnlyList<string> Pages { get; } =
    [
        .. Directory.GetFiles(Repository.PathOf(""), "*.md")
            .Concat(Folders.SelectMany(folder => Directory.GetFiles(Repository.PathOf(folder), "*.md", SearchOption.AllDirectories)))
            .Select(path => Path.GetRelativePath(Repository.PathOf(""), path)).Order(StringComparer.Ordinal),
    ];

    public static IReadOnlyList<Block> OfPage(string page, string language)
    {
        var text = File.ReadAllText(Repository.PathOf(page));
        return [.. Fence().Matches(text).Where(match => match.Groups["language"].Value == language).Select(match => new Block(
            page, text[..match.Groups["language"].Index].Count(c => c == '\n') + 1, match.Groups["mark"].Value.Trim(), match.Groups["text"].Value))];
    }

    public override string ToString() => $"{Page}:{Line}";

    /// <summary>
    /// The object that a fragment is a part of: the file that the mark names, with the fragment in place of what it has there. Lists of named
    /// things are matched by name.
    /// </summary>
    public JsonObject Whole()
    {
        var (file, place) = Mark["fragment of:".Length..].Split(" at ", StringSplitOptions.TrimEntries) switch
        {
            [var one] => (one, ""),
            [var one, var two] => (one, two),
            _ => throw new FormatException($"{this}: {Mark}"),
        };
        var whole = Yaml.ReadAll(File.ReadAllText(Repository.PathOf(file)))[0]!.AsObject();
        var target = place.Length == 0 ? whole : whole.At(place)?.AsObject() ?? throw new FormatException($"{this}: there is no {place} in {file}");
        Merge(target, Yaml.Read(Text));
        return whole;
    }

    public bool Is(string mark) => Mark.StartsWith($"{mark}:", Exact);

    private static void Merge(JsonObject target, JsonObject fragment)
    {
        foreach (var (key, value) in fragment)
        {
            // A release has one source, not the sum of two.
            if (key != "source" && target[key] is JsonObject before && value is JsonObject after)
            {
                Merge(before, after);
            }
            else if (target[key] is JsonArray items && value is JsonArray more && more.All(item => item is JsonObject && item["name"] is not null))
            {
                MergeNamed(items, more);
            }
            else
            {
                target[key] = value?.DeepClone();
            }
        }
    }

    private static void MergeNamed(JsonArray items, JsonArray more)
    {
        foreach (var item in more.Select(item => item!.AsObject()))
        {
            if (items.FirstOrDefault(one => one.Text("name") == item.Text("name")) is JsonObject known)
            {
                Merge(known, item);
            }
            else
            {
                items.Add(item.DeepClone());
            }
        }
    }

    [GeneratedRegex(@"(?:<!-- (?<mark>[^\n]*?) -->\n+)?^```(?<language>[a-z]+)\n(?<text>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();
}
