using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Slipway.Crds.Meta;

namespace Slipway.Manifests.Schema;

/// <summary>
/// The structural OpenAPI v3 schema of a kind, derived from the same JSON contract that the operator reads and writes
/// with: a field that the operator does not know cannot be in the schema, nor the reverse.
/// </summary>
public static class StructuralSchema
{
    private static readonly JsonSchemaExporterOptions Options = new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = SchemaNode.Transform,
    };

    /// <summary>The schema of <paramref name="kind"/>.</summary>
    /// <exception cref="InvalidOperationException">A property has no description; the message has its path.</exception>
    public static JsonObject Of(Kind kind)
    {
        var schema = Export(kind.Json);
        var properties = schema["properties"]!.AsObject();
        properties["apiVersion"] = Text("Version of the API that the object is written in, for example " + kind.Resource.ApiVersion + ".");
        properties["kind"] = Text("Kind of the object: " + kind.Resource.Kind + ".");
        properties["metadata"] = new JsonObject { ["type"] = "object" };
        // An object nobody has looked at yet must read as "in progress", not as "nothing to wait for" (kstatus).
        properties["status"]!["default"] = new JsonObject { ["observedGeneration"] = -1 };
        SchemaRules.Complete(schema, kind.Resource.FullName);
        return schema;
    }

    /// <summary>Without the pool of strings: of what a converter of our own reads, .NET does not know that it is a string.</summary>
    private static JsonObject Export(JsonTypeInfo type)
    {
        var plain = new JsonSerializerOptions(type.Options);
        foreach (var pooled in plain.Converters.OfType<PooledStringConverter>().ToList())
        {
            plain.Converters.Remove(pooled);
        }

        return plain.GetTypeInfo(type.Type).GetJsonSchemaAsNode(Options).AsObject();
    }

    private static JsonObject Text(string description) => new() { ["description"] = description, ["type"] = "string" };
}
