using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Ledger;

namespace Slipway.Operator.Releases;

/// <summary>A Deployment's source in the ledger's terms.</summary>
public static class Sources
{
    /// <summary>Which source it is. One that sets none, or several, is refused and counts as an image.</summary>
    public static ReleaseSourceKind Kind(this ReleaseSource source) => source switch
    {
        _ when source.Kinds().Count() != 1 => ReleaseSourceKind.Image,
        { Git: not null } => ReleaseSourceKind.Git,
        { Oci: not null } => ReleaseSourceKind.Oci,
        { Archive: not null } => ReleaseSourceKind.Archive,
        { Current: not null } => ReleaseSourceKind.Current,
        { Rollback: not null } when source.RollbackTo() is not null => ReleaseSourceKind.Rollback,
        _ => ReleaseSourceKind.Image,
    };

    /// <summary>Whether an image is built of it.</summary>
    public static bool IsBuilt(this ReleaseSource source) =>
        source.Kind() is ReleaseSourceKind.Git or ReleaseSourceKind.Oci or ReleaseSourceKind.Archive;

    /// <summary>The version to restore; null unless it is a rollback to something that is a version.</summary>
    public static ReleaseVersion? RollbackTo(this ReleaseSource source) =>
        source.Kinds().Count() == 1 && ReleaseVersion.TryParse(source.Rollback?.Version, out var version) ? version : null;
}
