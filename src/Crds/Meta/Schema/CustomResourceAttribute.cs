namespace Slipway.Crds.Meta.Schema;

/// <summary>What a kind's definition says beside its schema.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CustomResourceAttribute(string singular, params string[] shortNames) : Attribute
{
    public string Singular => singular;

    public IReadOnlyList<string> ShortNames => shortNames;
}

/// <summary>A column of <c>kubectl get</c>. Priority 0 is always shown, higher only with <c>-o wide</c>.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class PrinterColumnAttribute(string name, string type, string jsonPath) : Attribute
{
    public string Name => name;

    public string Type => type;

    public string JsonPath => jsonPath;

    public int Priority { get; init; }

    public string? Description { get; init; }
}
