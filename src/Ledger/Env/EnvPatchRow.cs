namespace Slipway.Ledger.Env;

/// <summary>What became of a patch, as the ledger keeps it.</summary>
public sealed record EnvPatchRow
{
    /// <summary>The UID of the object it was first written for.</summary>
    public required Guid Uid { get; init; }

    public required Guid StackUid { get; init; }

    /// <summary>Whether it was merged; else it was rejected, and nothing changed.</summary>
    public required bool Applied { get; init; }

    /// <summary>Why, one PascalCase word.</summary>
    public required string Reason { get; init; }

    public required string Message { get; init; }

    /// <summary>The revision it made or, if it changed nothing, found. Absent where there was none.</summary>
    public required long? Revision { get; init; }

    /// <summary>Keys whose value is new or another one since.</summary>
    public required int KeysSet { get; init; }

    /// <summary>Keys that were there and are gone since.</summary>
    public required int KeysUnset { get; init; }

    public required int TotalKeys { get; init; }

    public required int TotalBytes { get; init; }

    /// <summary>Whether a release is to follow.</summary>
    public required bool Release { get; init; }

    /// <summary>Whether its Deployment has been created.</summary>
    public required bool Made { get; init; }
}
