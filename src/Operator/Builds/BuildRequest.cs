using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Ledger;
using Slipway.Operator.Registry;

namespace Slipway.Operator.Builds;

/// <summary>One image that is to be built: everything that its Job depends on beside the operator's configuration.</summary>
public sealed record BuildRequest
{
    public required string Namespace { get; init; }

    /// <summary>Name of the Deployment (deployments.slipway.dev).</summary>
    public required string Deployment { get; init; }

    /// <summary>Its UID.</summary>
    public required string Uid { get; init; }

    public required string Stack { get; init; }

    public required ReleaseVersion Version { get; init; }

    /// <summary>git, oci or archive.</summary>
    public required ReleaseSource Source { get; init; }

    public StackBuild? Build { get; init; }

    /// <summary>What is pushed: <c>repository:version</c>.</summary>
    public required string Destination { get; init; }

    /// <summary>The destination's registry is spoken to over plain HTTP.</summary>
    public bool Insecure { get; init; }

    /// <summary>Where the image of a stack goes; null when neither the stack nor the operator says.</summary>
    public static string? DestinationOf(string @namespace, string stack, StackBuild? build, BuildOptions options, ReleaseVersion version) =>
        build?.Repository is { } repository ? $"{repository}:{version}"
        : options.Registry is { } registry ? $"{registry}/{@namespace}/{stack}:{version}"
        : null;

    /// <summary>Whether the registry of an image is one of the insecure ones.</summary>
    public static bool IsInsecure(string destination, BuildOptions options) =>
        ImageReference.Parse(destination) is { } image && RegistryClient.IsInsecure(image.Registry, options.InsecureRegistries);
}
