namespace Slipway.Ledger.Tests;

/// <summary>Compares releases with the moves they have made.</summary>
internal sealed class WholeRow : IEqualityComparer<ReleaseRow>
{
    public static WholeRow Comparer { get; } = new();

    public bool Equals(ReleaseRow? left, ReleaseRow? right) =>
        left! with { Transitions = [], Digests = [] } == right! with { Transitions = [], Digests = [] }
        && left.Transitions.SequenceEqual(right.Transitions) && left.Digests.SequenceEqual(right.Digests);

    public int GetHashCode(ReleaseRow row) => row.Uid.GetHashCode();
}
