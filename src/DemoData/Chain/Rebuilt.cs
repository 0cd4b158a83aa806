namespace Slipway.DemoData.Chain;

/// <summary>How a reset got on before anybody else can see anything of it.</summary>
/// <param name="Parts">What the data set has filled.</param>
/// <param name="Scratch">Name of the schema that is to be swapped in; null when the rows were replaced, and nothing is left to do.</param>
/// <param name="Transaction">Number of the transaction that has built it.</param>
internal sealed record Rebuilt(IReadOnlyList<FilledPart> Parts, string? Scratch, string Transaction)
{
    public string Rows => Counted(Parts);

    public static string Counted(IReadOnlyList<FilledPart> parts) =>
        string.Join(", ", parts.Select(part => $"{part.Name} {part.Rows.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)}"));
}
