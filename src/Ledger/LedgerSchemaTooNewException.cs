namespace Slipway.Ledger;

/// <summary>The database's schema was migrated by a newer slipway, and to a version that this one cannot work on.</summary>
public sealed class LedgerSchemaTooNewException(int foundVersion, int requiredVersion, int knownVersion)
    : Exception(
        $"The ledger's schema is newer than this slipway: it is at version {foundVersion} and needs a slipway that knows version {requiredVersion}; this one knows {knownVersion}. "
        + "Upgrade slipway, or restore the database to a backup from before the migration.")
{
    /// <summary>The newest migration applied to the database.</summary>
    public int FoundVersion { get; } = foundVersion;

    /// <summary>The lowest version that one must know to work on it.</summary>
    public int RequiredVersion { get; } = requiredVersion;

    /// <summary>The newest migration of this program.</summary>
    public int KnownVersion { get; } = knownVersion;
}
