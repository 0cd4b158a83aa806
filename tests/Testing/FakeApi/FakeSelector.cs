using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Slipway.Testing.FakeApi;

/// <summary>Label and field selectors.</summary>
internal sealed partial class FakeSelector(string? labels, string? fields)
{
    private readonly IReadOnlyList<string> _labels = labels is null ? [] : [.. Comma().Split(labels).Where(text => text.Length > 0)];
    private readonly IReadOnlyList<string> _fields = fields is null ? [] : fields.Split(',', StringSplitOptions.RemoveEmptyEntries);

    public bool Matches(JsonObject resource) =>
        _labels.All(requirement => MatchesLabel(requirement.Trim(), resource["metadata"]?["labels"] as JsonObject))
        && _fields.All(requirement => MatchesField(requirement, resource));

    private static bool MatchesLabel(string requirement, JsonObject? labels)
    {
        if (SetBased().Match(requirement) is { Success: true } match)
        {
            var values = match.Groups["values"].Value.Split(',').Select(value => value.Trim());
            var isIn = Value(labels, match.Groups["key"].Value) is { } actual && values.Contains(actual);
            return isIn == (match.Groups["op"].Value == "in");
        }

        if (requirement.StartsWith('!'))
        {
            return Value(labels, requirement[1..]) is null;
        }

        return requirement.Contains('=', StringComparison.Ordinal)
            ? Compare(requirement, key => Value(labels, key))
            : Value(labels, requirement) is not null;
    }

    private static bool MatchesField(string requirement, JsonObject resource) =>
        Compare(requirement, path => resource.At(path)?.ToString() ?? "");

    private static bool Compare(string requirement, Func<string, string?> read)
    {
        var parts = Operator().Split(requirement, 2);
        var negated = requirement[parts[0].Length] == '!';
        return (read(parts[0].Trim()) == parts[1].Trim()) != negated;
    }

    private static string? Value(JsonObject? labels, string key) => (string?)labels?[key];

    [GeneratedRegex(@",(?![^(]*\))")]
    private static partial Regex Comma();

    [GeneratedRegex(@"^(?<key>\S+)\s+(?<op>in|notin)\s+\((?<values>[^)]*)\)$")]
    private static partial Regex SetBased();

    [GeneratedRegex("!=|==|=")]
    private static partial Regex Operator();
}
