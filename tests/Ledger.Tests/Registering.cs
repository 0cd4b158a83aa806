namespace Slipway.Ledger.Tests;

internal static class Registering
{
    /// <summary>Registers a stack whose object is there.</summary>
    public static Task<StackRow> RegisterStackAsync(
        this ReleaseLedger ledger, StackRegistration registration, CancellationToken cancellationToken) =>
        ledger.RegisterStackAsync(registration, _ => Task.FromResult(true), cancellationToken);
}
