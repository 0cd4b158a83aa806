using System.Text.RegularExpressions;

namespace Slipway.Runtime.Caching;

/// <summary>
/// Decides as the API server does whether labels match a selector: <c>key=value</c> (or <c>==</c>), <c>key!=value</c>,
/// <c>key in (a, b)</c>, <c>key notin (a, b)</c>, <c>key</c> and <c>!key</c>, with commas between for "and". What is
/// excluded need not be there.
/// </summary>
internal sealed partial class LabelSelector
{
    private readonly IReadOnlyList<Requirement> _requirements;

    private LabelSelector(IReadOnlyList<Requirement> requirements) => _requirements = requirements;

    /// <param name="text">The selector; null or blank matches everything.</param>
    /// <exception cref="ArgumentException">A part of it is none of the forms above.</exception>
    public static LabelSelector Parse(string? text) =>
        new(string.IsNullOrWhiteSpace(text) ? [] : [.. Comma().Split(text).Select(part => ParseRequirement(part.Trim(), text))]);

    public bool Matches(IReadOnlyDictionary<string, string>? labels) => _requirements.All(requirement => requirement.Matches(labels));

    private static Requirement ParseRequirement(string part, string selector)
    {
        if (Equality().Match(part) is { Success: true } equality)
        {
            return new Requirement(equality.Groups["key"].Value, [equality.Groups["value"].Value], equality.Groups["not"].Success);
        }

        if (SetBased().Match(part) is { Success: true } set)
        {
            return new Requirement(
                set.Groups["key"].Value, [.. set.Groups["values"].Value.Split(',').Select(value => value.Trim())], set.Groups["not"].Success);
        }

        return Existence().Match(part) is { Success: true } existence
            ? new Requirement(existence.Groups["key"].Value, null, existence.Groups["not"].Success)
            : throw new ArgumentException(
                $"The label selector \"{selector}\" has a part \"{part}\": use key=value, key!=value, key in (a,b), key notin (a,b), key or !key.",
                nameof(selector));
    }

    [GeneratedRegex(@",(?![^(]*\))")]
    private static partial Regex Comma();

    [GeneratedRegex(@"^(?<key>[\w./-]+)\s*((?<not>!=)|==?)\s*(?<value>[\w.-]*)$")]
    private static partial Regex Equality();

    [GeneratedRegex(@"^(?<key>[\w./-]+)\s+((?<not>notin)|in)\s*\((?<values>[\w.,\s-]*)\)$")]
    private static partial Regex SetBased();

    [GeneratedRegex(@"^(?<not>!)?\s*(?<key>[\w./-]+)$")]
    private static partial Regex Existence();

    /// <param name="Values">The values one of which it must be; null for any.</param>
    private sealed record Requirement(string Key, IReadOnlyList<string>? Values, bool Not)
    {
        public bool Matches(IReadOnlyDictionary<string, string>? labels) =>
            (labels is not null && labels.TryGetValue(Key, out var value) && Values?.Contains(value) != false) != Not;
    }
}
