using System.ComponentModel;
using Slipway.Crds.Meta.Schema;

namespace Slipway.Crds.V1Alpha1.Stacks;

/// <summary>How an image is made of a release's source, and where it goes.</summary>
public sealed record StackBuild
{
    [Description("Folder inside the source that is built: the context of the Dockerfile.")]
    [Schema(Default = "\".\"", MinLength = 1, MaxLength = 1024)]
    public string? Context { get; init; }

    [Description("The Dockerfile, from the context on.")]
    [Schema(Default = "\"Dockerfile\"", MinLength = 1, MaxLength = 1024)]
    public string? Dockerfile { get; init; }

    [Description("Build arguments (ARG in the Dockerfile). They can be read in the image's history: no place for secrets.")]
    public IReadOnlyDictionary<string, string>? Args { get; init; }

    [Description("Image repository that is pushed to, without a tag; the tag is the release's version. Default: <registry of the operator>/<namespace>/<name of the stack>.")]
    [Schema(MinLength = 1, MaxLength = 320)]
    public string? Repository { get; init; }

    [Description("Name of a Secret of type kubernetes.io/dockerconfigjson with the logins to push, and to pull base images and OCI sources.")]
    [Schema(MinLength = 1, MaxLength = 253)]
    public string? RegistrySecret { get; init; }
}
