namespace Slipway.Ledger.Env;

/// <summary>One revision of a stack's variables, without its values.</summary>
/// <param name="Number">From 1, dense per stack.</param>
/// <param name="StackUid">The UID of the stack when it was made; names its Secret.</param>
/// <param name="Keys">Names of the variables, in order.</param>
/// <param name="Overridden">Names that the baseline has and patches replaced or hid.</param>
/// <param name="TotalBytes">Size of the set as compact JSON.</param>
public sealed record EnvRevision(long Number, Guid StackUid, IReadOnlyList<string> Keys, IReadOnlyList<string> Overridden, int TotalBytes);
