using System.ComponentModel;
using Slipway.Crds.Meta.Schema;

namespace Slipway.Crds.V1Alpha1.Deployments;

/// <summary>A union: exactly one field is set.</summary>
[Cel(
    "[has(self.image), has(self.git), has(self.oci), has(self.archive), has(self.current), has(self.rollback)].exists_one(x, x)",
    "exactly one of image, git, oci, archive, current and rollback must be set in spec.source")]
public sealed record ReleaseSource
{
    [Description("An image that exists already, for example registry.example/team/app:1.4. A tag is resolved to its digest once, when the release is admitted.")]
    [Schema(MaxLength = 512)]
    public string? Image { get; init; }

    [Description("Source in a Git repository, built on the cluster.")]
    public GitSource? Git { get; init; }

    [Description("Source in an OCI artifact, built on the cluster.")]
    public OciSource? Oci { get; init; }

    [Description("Source in a ConfigMap, built on the cluster.")]
    public ArchiveSource? Archive { get; init; }

    [Description("The active release's image again, with the environment and template of now.")]
    public CurrentSource? Current { get; init; }

    [Description("An earlier version, restored with its image, environment and template; nothing is built.")]
    public RollbackSource? Rollback { get; init; }

    /// <summary>Names of the fields that are set, in the order of the schema.</summary>
    public IEnumerable<string> Kinds()
    {
        if (Image is not null)
        {
            yield return "image";
        }

        if (Git is not null)
        {
            yield return "git";
        }

        if (Oci is not null)
        {
            yield return "oci";
        }

        if (Archive is not null)
        {
            yield return "archive";
        }

        if (Current is not null)
        {
            yield return "current";
        }

        if (Rollback is not null)
        {
            yield return "rollback";
        }
    }
}

public sealed record GitSource
{
    [Description("URL of the repository.")]
    [Schema(MinLength = 1, MaxLength = 2048)]
    public required string Url { get; init; }

    [Description("Branch, tag or commit; resolved once. Default: the repository's default branch.")]
    [Schema(MaxLength = 256)]
    public string? Revision { get; init; }

    [Description("Folder inside the repository. Default: its root.")]
    [Schema(MaxLength = 1024)]
    public string? Path { get; init; }

    [Description("Name of a Secret with the repository's credentials.")]
    [Schema(MaxLength = 253)]
    public string? Secret { get; init; }
}

public sealed record OciSource
{
    [Description("The artifact, by digest: registry.example/team/source@sha256:…")]
    [Schema(MinLength = 1, MaxLength = 512)]
    public required string Reference { get; init; }
}

public sealed record ArchiveSource
{
    [Description("Name of the ConfigMap that holds the archive.")]
    [Schema(MinLength = 1, MaxLength = 253)]
    public required string ConfigMap { get; init; }
}

public sealed record CurrentSource
{
    [Description("Set by EnvPatches: the release waits until nothing is in flight, whatever the policy, and ends Superseded if the active release has this revision of the environment, or a newer one, already.")]
    [Schema(Minimum = 1)]
    public long? EnvRevision { get; init; }
}

public sealed record RollbackSource
{
    [Description("Version to restore, for example 20261122.3.")]
    [Schema(Pattern = "^[0-9]{8}\\.[1-9][0-9]*$", MaxLength = 20)]
    public required string Version { get; init; }
}
