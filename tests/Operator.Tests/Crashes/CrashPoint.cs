namespace Slipway.Operator.Tests.Crashes;

/// <summary>The moment after a write: something was stored, and whoever asked for it does not know yet.</summary>
/// <param name="Write">What was written, as <c>ledger UPDATE</c> or <c>PUT slipway.dev deployments/one/status</c>.</param>
/// <param name="Occurrence">Which one of these in the story, from 1.</param>
public sealed record CrashPoint(string Write, int Occurrence)
{
    public override string ToString() => $"{Write} #{Occurrence}";
}
