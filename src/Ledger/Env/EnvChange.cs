namespace Slipway.Ledger.Env;

/// <summary>What one patch asks for, with the values of the Secrets it names.</summary>
/// <param name="Set">New values; an empty one unsets.</param>
/// <param name="Unset">Keys that are to be gone, also from the baseline.</param>
/// <param name="Reset">Keys whose baseline is to count again.</param>
public sealed record EnvChange(IReadOnlyDictionary<string, string> Set, IReadOnlyList<string> Unset, IReadOnlyList<string> Reset)
{
    /// <summary>Says nothing of its values, wherever it is printed.</summary>
    public override string ToString() => $"{Set.Count} to set, {Unset.Count} to unset, {Reset.Count} to reset";
}
