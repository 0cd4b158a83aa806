namespace Slipway.Retry;

/// <summary>What one operation regards as a lost race, and what is thrown when it is lost for good.</summary>
/// <param name="Name">The kind of operation, few in number (a metric label), for example <c>version</c>.</param>
/// <param name="Subject">What it is done to, for messages, for example the stack's <c>namespace/name</c>.</param>
/// <param name="IsConflict">Whether this error means that another writer was faster. Everything else passes through at once.</param>
/// <param name="Exhausted">Makes the error to throw from the last conflict and the number of attempts; it should carry the former inside.</param>
public sealed record ConflictOperation(
    string Name,
    string Subject,
    Func<Exception, bool> IsConflict,
    Func<Exception, int, Exception> Exhausted);
