using System.Text.Json.Nodes;
using Slipway.Crds;
using Slipway.Crds.Meta.Schema;
using Slipway.Manifests.Schema;

namespace Slipway.Manifests;

/// <summary>The definition of a kind, as <c>apiextensions.k8s.io/v1</c>.</summary>
public static class CustomResourceDefinition
{
    // preserveUnknownFields is false by default in v1 and not written: servers drop the word, and GitOps tools would see a lasting difference.
    public static JsonObject Of(Kind kind) => new()
    {
        ["apiVersion"] = "apiextensions.k8s.io/v1",
        ["kind"] = "CustomResourceDefinition",
        ["metadata"] = new JsonObject { ["name"] = kind.Resource.FullName },
        ["spec"] = new JsonObject
        {
            ["group"] = kind.Resource.Group,
            ["names"] = Names(kind),
            ["scope"] = kind.Resource.Namespaced ? "Namespaced" : "Cluster",
            ["versions"] = new JsonArray(Version(kind)),
        },
    };

    private static JsonObject Names(Kind kind)
    {
        var attribute = Attributes<CustomResourceAttribute>(kind).Single();
        var names = new JsonObject
        {
            ["categories"] = new JsonArray(WellKnown.Category),
            ["kind"] = kind.Resource.Kind,
            ["listKind"] = kind.Resource.Kind + "List",
            ["plural"] = kind.Resource.Plural,
        };
        if (attribute.ShortNames.Count > 0)
        {
            names["shortNames"] = new JsonArray([.. attribute.ShortNames.Select(name => JsonValue.Create(name))]);
        }

        names["singular"] = attribute.Singular;
        return names;
    }

    private static JsonObject Version(Kind kind) => new()
    {
        ["name"] = kind.Resource.Version,
        ["served"] = true,
        ["storage"] = true,
        ["subresources"] = new JsonObject { ["status"] = new JsonObject() },
        ["additionalPrinterColumns"] = new JsonArray([.. Attributes<PrinterColumnAttribute>(kind).Select(Column)]),
        ["schema"] = new JsonObject { ["openAPIV3Schema"] = StructuralSchema.Of(kind) },
    };

    private static JsonObject Column(PrinterColumnAttribute column)
    {
        var result = new JsonObject { ["name"] = column.Name, ["type"] = column.Type, ["jsonPath"] = column.JsonPath };
        if (column.Description is { } description)
        {
            result["description"] = description;
        }

        if (column.Priority > 0)
        {
            result["priority"] = column.Priority;
        }

        return result;
    }

    private static IEnumerable<T> Attributes<T>(Kind kind)
        where T : Attribute => kind.Json.Type.GetCustomAttributes(typeof(T), inherit: false).Cast<T>();
}
