using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Crds.V1Alpha1.Teams;

namespace Slipway.Operator.Uninstalling;

/// <summary>A Stack of which only the metadata are read, so that one with a spec or status that makes no sense is let go too.</summary>
internal sealed record BareStack : IResource<BareStack>
{
    public static ResourceType Type => Stack.Type;

    public static JsonTypeInfo<BareStack> Json => BareJson.Default.BareStack;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public ObjectMeta Metadata { get; init; } = new();
}

/// <summary>The same of a Deployment of ours.</summary>
internal sealed record BareDeployment : IResource<BareDeployment>
{
    public static ResourceType Type => Deployment.Type;

    public static JsonTypeInfo<BareDeployment> Json => BareJson.Default.BareDeployment;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public ObjectMeta Metadata { get; init; } = new();
}

/// <summary>The same of an EnvPatch.</summary>
internal sealed record BareEnvPatch : IResource<BareEnvPatch>
{
    public static ResourceType Type => EnvPatch.Type;

    public static JsonTypeInfo<BareEnvPatch> Json => BareJson.Default.BareEnvPatch;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public ObjectMeta Metadata { get; init; } = new();
}

/// <summary>The same of a Team.</summary>
internal sealed record BareTeam : IResource<BareTeam>
{
    public static ResourceType Type => Team.Type;

    public static JsonTypeInfo<BareTeam> Json => BareJson.Default.BareTeam;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public ObjectMeta Metadata { get; init; } = new();
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(TimestampConverter)])]
[JsonSerializable(typeof(BareStack))]
[JsonSerializable(typeof(BareDeployment))]
[JsonSerializable(typeof(BareEnvPatch))]
[JsonSerializable(typeof(BareTeam))]
internal sealed partial class BareJson : JsonSerializerContext;
