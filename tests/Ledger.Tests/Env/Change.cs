using Slipway.Ledger.Env;

namespace Slipway.Ledger.Tests.Env;

/// <summary>Short ways to say variables and changes of them.</summary>
internal static class Change
{
    /// <summary><c>A=1</c> sets, <c>-A</c> unsets, <c>~A</c> resets.</summary>
    public static EnvChange Of(params IReadOnlyList<string> words) => new(
        Variables([.. words.Where(word => word.Contains('=', StringComparison.Ordinal))]),
        [.. words.Where(word => word.StartsWith('-')).Select(word => word[1..])],
        [.. words.Where(word => word.StartsWith('~')).Select(word => word[1..])]);

    /// <summary>Of <c>A=1</c>.</summary>
    public static Dictionary<string, string> Variables(params IReadOnlyList<string> words) =>
        words.Select(word => word.Split('=', 2)).ToDictionary(parts => parts[0], parts => parts[1]);

    /// <summary>The other way round, in the order of the names.</summary>
    public static string Show(IReadOnlyDictionary<string, string> variables) =>
        string.Join(' ', variables.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));
}
