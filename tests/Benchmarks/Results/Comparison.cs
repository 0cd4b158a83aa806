namespace Slipway.Benchmarks.Results;

/// <summary>One measurement beside what it is compared with, taken on the same machine in the same minute.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Ours">What Slipway's code needs, or achieves.</param>
/// <param name="Beside">What it is compared with.</param>
/// <param name="Theirs">What that needs, or achieves.</param>
internal sealed record Comparison(string What, Quantity Ours, string Beside, Quantity Theirs)
{
    /// <summary>Ours in units of theirs; null when theirs is nothing.</summary>
    public double? Ratio => Theirs.Value > 0 ? Ours.Value / Theirs.Value : null;
}

/// <summary>The measurements of one benchmark.</summary>
internal sealed record Section(string Title, IReadOnlyList<Comparison> Rows);
