using System.Text.RegularExpressions;

namespace Slipway.Ledger.Env;

/// <summary>Why variables cannot be taken. Names no value.</summary>
/// <param name="Reason">One PascalCase word.</param>
/// <param name="Message">A sentence that names the key, and what to do.</param>
public sealed record EnvProblem(string Reason, string Message);

/// <summary>What variables may look like, whatever they are merged with.</summary>
public static partial class EnvRules
{
    /// <summary>Bytes that the variables of a stack may take as compact JSON in UTF-8.</summary>
    public const int MaxBytes = 64 * 1024;

    public const string InvalidKey = "InvalidEnvKey";
    public const string InvalidValue = "InvalidEnvValue";
    public const string EmptyPatch = "EmptyPatch";
    public const string TooLarge = "EnvTooLarge";

    private const int LongestShownKey = 64;

    /// <summary>What is wrong with a patch; null when nothing is.</summary>
    public static EnvProblem? Of(EnvChange change)
    {
        var keys = change.Set.Keys.Concat(change.Unset).Concat(change.Reset).ToList();
        if (keys.Count == 0)
        {
            return new EnvProblem(EmptyPatch, "the patch changes nothing; say what it sets, unsets or resets");
        }

        if (OfKeys(keys) is { } problem)
        {
            return problem;
        }

        var twice = keys.GroupBy(key => key, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        return twice is null
            ? OfValues(change.Set)
            : new EnvProblem(InvalidKey, $"the key {Show(twice.Key)} is named more than once in set, setFrom, unset and reset; say one thing of it");
    }

    /// <summary>What is wrong with a baseline; null when nothing is.</summary>
    public static EnvProblem? Of(IReadOnlyDictionary<string, string> baseline) => OfKeys(baseline.Keys) ?? OfValues(baseline);

    /// <summary>Whether the whole set fits; null when it does.</summary>
    public static EnvProblem? OfSize(int bytes) => bytes <= MaxBytes
        ? null
        : new EnvProblem(TooLarge, $"the stack's variables would take {bytes} bytes as JSON, and may take {MaxBytes}; unset what is not needed, or mount large values as files");

    private static EnvProblem? OfKeys(IEnumerable<string> keys) => keys.FirstOrDefault(key => !Key().IsMatch(key)) is { } bad
        ? new EnvProblem(InvalidKey, $"{Show(bad)} is no name of a variable; names begin with a letter or an underscore and go on with letters, digits and underscores")
        : null;

    private static EnvProblem? OfValues(IReadOnlyDictionary<string, string> values) => values.FirstOrDefault(pair => pair.Value.Contains('\0')).Key is { } bad
        ? new EnvProblem(InvalidValue, $"the value of {Show(bad)} has a NUL character, which no process can be given")
        : null;

    /// <summary>A bad key may be anything, also a value that went to the wrong place: never more than its beginning.</summary>
    private static string Show(string key)
    {
        if (key.Length <= LongestShownKey)
        {
            return $"\"{key}\"";
        }

        // Half of a character cannot be stored.
        var length = char.IsHighSurrogate(key[LongestShownKey - 1]) ? LongestShownKey - 1 : LongestShownKey;
        return $"\"{key[..length]}…\"";
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Key();
}
