namespace Slipway.DemoData.Chain;

/// <summary>
/// The migrations have created extensions in the schema that they build. Extensions belong to the whole database and outlive a reset, so
/// they are to be created in the present schema first.
/// </summary>
internal sealed class NewExtensionsException(IReadOnlyList<string> extensions) : Exception("The migrations create extensions.")
{
    public IReadOnlyList<string> Extensions { get; } = extensions;
}
