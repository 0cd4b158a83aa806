namespace Slipway.Ledger.Env;

/// <summary>Variables cannot be encrypted or decrypted, because the operator does not have the key.</summary>
public sealed class EnvKeyUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
