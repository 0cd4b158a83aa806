using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Slipway.House.Tests;

/// <summary>A kind whose author forgot a description.</summary>
public sealed record UndescribedThing(string ApiVersion, string Kind, string? Metadata)
{
    [Description("What is wished.")]
    public required UndescribedSpec Spec { get; init; }

    [Description("What is.")]
    public UndescribedSpec? Status { get; init; }
}

public sealed record UndescribedSpec(string Color);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(UndescribedThing))]
internal sealed partial class UndescribedJson : JsonSerializerContext;
