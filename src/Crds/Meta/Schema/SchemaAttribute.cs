namespace Slipway.Crds.Meta.Schema;

/// <summary>What the generated OpenAPI schema says of a property beyond its type and description.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SchemaAttribute : Attribute
{
    /// <summary>OpenAPI format, for example <c>int-or-string</c> or <c>date-time</c>.</summary>
    public string? Format { get; init; }

    public string? Pattern { get; init; }

    /// <summary>Longest accepted string; 0 when unlimited. CEL's cost estimate needs it on every string a rule compares.</summary>
    public int MaxLength { get; init; }

    public int MinLength { get; init; }

    /// <summary>Most items of a list, or -1.</summary>
    public int MaxItems { get; init; } = -1;

    public int MinItems { get; init; } = -1;

    public long Minimum { get; init; } = long.MinValue;

    public long Maximum { get; init; } = long.MaxValue;

    /// <summary>Default, as JSON text; null when there is none.</summary>
    public string? Default { get; init; }

    /// <summary>Key property of a list that is merged like a map, for example <c>type</c> for conditions.</summary>
    public string? ListMapKey { get; init; }

    /// <summary>The value may be a number or a string.</summary>
    public bool IntOrString { get; init; }

    /// <summary>Fields that the schema does not name are kept: the value belongs to another API (a pod's spec).</summary>
    public bool PreserveUnknownFields { get; init; }

    /// <summary>A schema, as JSON text, in place of the one that follows from the type.</summary>
    public string? Override { get; init; }
}
