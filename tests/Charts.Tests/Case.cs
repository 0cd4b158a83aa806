using Slipway.Testing;

namespace Slipway.Charts.Tests;

/// <summary>
/// A folder in <c>Cases</c>: <c>values.yaml</c>, <c>expected.yaml</c> with what Helm makes of it, and, where it matters, <c>kube-version</c>.
/// </summary>
internal sealed record Case(string Name)
{
    private static readonly string Root = Repository.PathOf("tests/Charts.Tests/Cases");

    public static IReadOnlyList<string> Names { get; } = [.. Directory.GetDirectories(Root).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public string Values => Path.Combine(Root, Name, "values.yaml");

    public string Expected => Path.Combine(Root, Name, "expected.yaml");

    public string Server => Path.Combine(Root, Name, "kube-version") is var file && File.Exists(file) ? File.ReadAllText(file).Trim() : Helm.CurrentServer;

    public Task<Manifests> ObjectsAsync() => Helm.ObjectsAsync(Server, "--values", Values);
}
