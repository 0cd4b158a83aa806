using System.ComponentModel;
using Slipway.Crds.Meta.Schema;
using Slipway.Crds.V1Alpha1.Deployments;

namespace Slipway.Crds.V1Alpha1.Stacks;

/// <summary>A union: exactly one field is set. As a Deployment's source, but without rollback, which is one event and no state.</summary>
[Cel(
    "[has(self.image), has(self.git), has(self.oci), has(self.archive), has(self.current)].exists_one(x, x)",
    "exactly one of image, git, oci, archive and current must be set in spec.source")]
public sealed record StackSource
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

    /// <summary>The source of the Deployment that releases it.</summary>
    public ReleaseSource ToRelease() => new() { Image = Image, Git = Git, Oci = Oci, Archive = Archive, Current = Current };
}
