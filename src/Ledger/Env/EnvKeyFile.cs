namespace Slipway.Ledger.Env;

/// <summary>
/// The keys as a mounted Secret holds them. Read whenever they are needed, so that a rotation needs no restart: that is seldom, and the
/// file is small.
/// </summary>
/// <param name="path">The file; null or empty when none was configured.</param>
public sealed class EnvKeyFile(string? path)
{
    /// <exception cref="EnvKeyUnavailableException">There is none, or it cannot be read.</exception>
    public EnvKeyRing Read()
    {
        if (string.IsNullOrEmpty(path))
        {
            throw new EnvKeyUnavailableException(
                "the operator has no key to encrypt variables with; give it one with --env-keys-file or SLIPWAY_ENV_KEYS_FILE");
        }

        try
        {
            return EnvKeyRing.Parse(File.ReadAllText(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new EnvKeyUnavailableException($"the operator's keys for variables ({path}) cannot be read: {error.Message}", error);
        }
    }
}
