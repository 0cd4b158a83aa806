using System.Text.Json.Serialization;
using Slipway.Crds.Meta;
using Slipway.Operator.Builds;
using Slipway.Operator.Releases;

namespace Slipway.Operator;

/// <summary>JSON of the operator's own: what it keeps in the ledger, and its configuration file.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(TimestampConverter)])]
[JsonSerializable(typeof(BuildFile))]
[JsonSerializable(typeof(BuildSnapshot))]
[JsonSerializable(typeof(ReleaseTemplate))]
internal sealed partial class OperatorJson : JsonSerializerContext;
