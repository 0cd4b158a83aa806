using System.Text.Json.Serialization;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Crds.V1Alpha1.Teams;

namespace Slipway.Crds;

/// <summary>The one JSON contract of our kinds: camelCase, enums as words, absent fields left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(TimestampConverter), typeof(PooledStringConverter)])]
[JsonSerializable(typeof(Deployment))]
[JsonSerializable(typeof(DeploymentStatus))]
[JsonSerializable(typeof(EnvPatch))]
[JsonSerializable(typeof(EnvPatchStatus))]
[JsonSerializable(typeof(Stack))]
[JsonSerializable(typeof(StackStatus))]
[JsonSerializable(typeof(Team))]
[JsonSerializable(typeof(TeamStatus))]
[JsonSerializable(typeof(PodTemplate))]
[JsonSerializable(typeof(ReleaseSource))]
public sealed partial class CrdsJson : JsonSerializerContext;
