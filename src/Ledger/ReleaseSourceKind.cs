namespace Slipway.Ledger;

/// <summary>Where the image of a release comes from.</summary>
public enum ReleaseSourceKind
{
    /// <summary>It exists already.</summary>
    Image,

    /// <summary>Built from a Git repository.</summary>
    Git,

    /// <summary>Built from an OCI artifact.</summary>
    Oci,

    /// <summary>Built from an archive that the cluster holds.</summary>
    Archive,

    /// <summary>That of the release that is active when this one is admitted.</summary>
    Current,

    /// <summary>That of an earlier version, with its template.</summary>
    Rollback,
}

internal static class ReleaseSourceKinds
{
    public static string ToSql(this ReleaseSourceKind source) => source switch
    {
        ReleaseSourceKind.Image => "image",
        ReleaseSourceKind.Git => "git",
        ReleaseSourceKind.Oci => "oci",
        ReleaseSourceKind.Archive => "archive",
        ReleaseSourceKind.Current => "current",
        ReleaseSourceKind.Rollback => "rollback",
    };

    public static ReleaseSourceKind FromSql(string source) => source switch
    {
        "image" => ReleaseSourceKind.Image,
        "git" => ReleaseSourceKind.Git,
        "oci" => ReleaseSourceKind.Oci,
        "archive" => ReleaseSourceKind.Archive,
        "current" => ReleaseSourceKind.Current,
        "rollback" => ReleaseSourceKind.Rollback,
        _ => throw new InvalidDataException($"The ledger holds the source '{source}', which this version does not know: upgrade slipway."),
    };
}
