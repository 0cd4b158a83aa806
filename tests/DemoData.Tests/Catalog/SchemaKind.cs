namespace Slipway.DemoData.Tests.Catalog;

/// <summary>Something that a schema may have, and a change of just that.</summary>
/// <param name="Name">Which.</param>
/// <param name="Before">Statements that make it; a § is replaced by a name of its own.</param>
/// <param name="Changed">Statements that make it differently.</param>
internal sealed record SchemaKind(string Name, string Before, string Changed)
{
    public static readonly IReadOnlyList<SchemaKind> All =
        [.. TableKinds.All, .. ConstraintKinds.All, .. RelationKinds.All, .. RoutineKinds.All, .. TypeKinds.All, .. CommentKinds.All];

    /// <summary>One that is made, and then altered by another statement.</summary>
    public static SchemaKind Altered(string name, string made, string change) => new(name, made, $"{made};\n{change}");

    /// <summary>One that is made as a text says, in which ¤ stands for either of two.</summary>
    public static SchemaKind Either(string name, string text, string one, string other) =>
        new(name, text.Replace("¤", one, StringComparison.Ordinal), text.Replace("¤", other, StringComparison.Ordinal));

    public string BeforeAs(string name) => Before.Replace("§", name, StringComparison.Ordinal);

    public string ChangedAs(string name) => Changed.Replace("§", name, StringComparison.Ordinal);
}
