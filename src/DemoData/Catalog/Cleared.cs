namespace Slipway.DemoData.Catalog;

/// <summary>Tables were emptied.</summary>
/// <param name="Rows">How many rows were removed.</param>
/// <param name="Other">Name of a table that is not one of them and of which rows were changed or removed with it; null when there is none.</param>
internal sealed record Cleared(long Rows, string? Other);
