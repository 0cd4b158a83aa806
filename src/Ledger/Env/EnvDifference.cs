namespace Slipway.Ledger.Env;

/// <summary>What a change really did, by what a container gets before and after it.</summary>
/// <param name="KeysSet">Keys whose value is new or another one, in order.</param>
/// <param name="KeysUnset">Keys that were there and are gone, in order.</param>
public sealed record EnvDifference(IReadOnlyList<string> KeysSet, IReadOnlyList<string> KeysUnset)
{
    public static EnvDifference Between(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) => new(
        [.. after.Where(pair => !before.TryGetValue(pair.Key, out var value) || value != pair.Value).Select(pair => pair.Key).Order(StringComparer.Ordinal)],
        [.. before.Keys.Where(key => !after.ContainsKey(key)).Order(StringComparer.Ordinal)]);
}
