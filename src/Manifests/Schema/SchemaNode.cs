using System.ComponentModel;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Slipway.Crds.Meta.Schema;

namespace Slipway.Manifests.Schema;

/// <summary>Rewrites one node of .NET's JSON schema as a node of a structural schema.</summary>
internal static class SchemaNode
{
    public static JsonNode Transform(JsonSchemaExporterContext context, JsonNode node)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        var property = context.PropertyInfo?.AttributeProvider;
        var attribute = Find<SchemaAttribute>(property);
        var schema = new JsonObject();
        if ((Find<DescriptionAttribute>(property) ?? Find<DescriptionAttribute>(type)) is { } description)
        {
            schema["description"] = description.Description;
        }

        Merge(schema, attribute switch
        {
            { Override: { } text } => JsonNode.Parse(text)!.AsObject(),
            { IntOrString: true } => new JsonObject { ["x-kubernetes-int-or-string"] = true },
            _ => Shape(type, node as JsonObject),
        });
        if (attribute is not null)
        {
            Constrain(schema, attribute);
        }

        AddRules(schema, [.. All<CelAttribute>(type), .. All<CelAttribute>(property)]);
        return schema;
    }

    private static JsonObject Shape(Type type, JsonObject? node)
    {
        if (type.IsEnum)
        {
            // A nullable enum lists null as a value; here, absence is said by leaving the field out.
            return new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Enum.GetNames(type).Select(name => JsonValue.Create(name))]) };
        }

        return Type.GetTypeCode(type) switch
        {
            TypeCode.String => new JsonObject { ["type"] = "string" },
            TypeCode.Boolean => new JsonObject { ["type"] = "boolean" },
            TypeCode.Int32 => new JsonObject { ["type"] = "integer", ["format"] = "int32" },
            TypeCode.Int64 => new JsonObject { ["type"] = "integer", ["format"] = "int64" },
            _ when type == typeof(DateTimeOffset) => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
            _ => Composite(type, node),
        };
    }

    private static JsonObject Composite(Type type, JsonObject? node)
    {
        var kind = node?["type"] switch
        {
            JsonArray kinds => kinds.Select(item => item!.GetValue<string>()).Single(name => name != "null"),
            JsonValue name => name.GetValue<string>(),
            _ => throw new InvalidOperationException($"{type} has no structural schema: use [Schema(IntOrString = true)] or [Schema(Override = …)]."),
        };
        var schema = new JsonObject { ["type"] = kind };
        foreach (var keyword in (string[])["required", "properties", "additionalProperties", "items"])
        {
            if (node[keyword] is { } value)
            {
                schema[keyword] = value.DeepClone();
            }
        }

        return schema;
    }

    private static void Constrain(JsonObject schema, SchemaAttribute attribute)
    {
        Set(schema, "format", attribute.Format, attribute.Format is not null);
        Set(schema, "pattern", attribute.Pattern, attribute.Pattern is not null);
        Set(schema, "minLength", attribute.MinLength, attribute.MinLength > 0);
        Set(schema, "maxLength", attribute.MaxLength, attribute.MaxLength > 0);
        Set(schema, "minItems", attribute.MinItems, attribute.MinItems >= 0);
        Set(schema, "maxItems", attribute.MaxItems, attribute.MaxItems >= 0);
        Set(schema, "minimum", attribute.Minimum, attribute.Minimum != long.MinValue);
        Set(schema, "maximum", attribute.Maximum, attribute.Maximum != long.MaxValue);
        Set(schema, "default", attribute.Default is { } text ? JsonNode.Parse(text) : null, attribute.Default is not null);
        Set(schema, "x-kubernetes-preserve-unknown-fields", true, attribute.PreserveUnknownFields);
        if (attribute.ListMapKey is { } key)
        {
            schema["x-kubernetes-list-type"] = "map";
            schema["x-kubernetes-list-map-keys"] = new JsonArray(key);
        }
    }

    private static void Set(JsonObject schema, string keyword, JsonNode? value, bool when)
    {
        if (when)
        {
            schema[keyword] = value;
        }
    }

    private static void AddRules(JsonObject schema, IReadOnlyList<CelAttribute> rules)
    {
        if (rules.Count > 0)
        {
            schema["x-kubernetes-validations"] = new JsonArray(
                [.. rules.Select(rule => new JsonObject { ["rule"] = rule.Rule, ["message"] = rule.Message })]);
        }
    }

    private static void Merge(JsonObject schema, JsonObject addition)
    {
        foreach (var (keyword, value) in addition)
        {
            schema[keyword] = value?.DeepClone();
        }
    }

    private static T? Find<T>(ICustomAttributeProvider? member)
        where T : Attribute => All<T>(member).SingleOrDefault();

    private static IEnumerable<T> All<T>(ICustomAttributeProvider? member)
        where T : Attribute => member?.GetCustomAttributes(typeof(T), inherit: false).Cast<T>() ?? [];
}
