using System.Text.Json.Serialization.Metadata;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Crds.V1Alpha1.Teams;

namespace Slipway.Manifests;

/// <summary>A kind that gets a definition: where it lives, and its JSON contract.</summary>
public sealed record Kind(ResourceType Resource, JsonTypeInfo Json)
{
    /// <summary>Every kind, in the order in which the documentation tells about them.</summary>
    public static IReadOnlyList<Kind> All { get; } = [Of<Stack>(), Of<Deployment>(), Of<EnvPatch>(), Of<Team>()];

    private static Kind Of<T>()
        where T : class, IResource<T> => new(T.Type, T.Json);
}
