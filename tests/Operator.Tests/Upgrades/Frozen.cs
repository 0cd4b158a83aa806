using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Slipway.Testing;

namespace Slipway.Operator.Tests.Upgrades;

/// <summary>What a release of Slipway has left in a cluster and in its ledger, kept in <c>tests/Fixtures/VERSION</c>.</summary>
/// <param name="version">The release.</param>
internal sealed class Frozen(string version)
{
    /// <summary>Where its objects were. The variables in the ledger are encrypted for this place.</summary>
    public const string Namespace = "slipway-frozen";

    /// <summary>Its team, which is in no namespace.</summary>
    public const string Team = "frozen-team";

    /// <summary>Stands for the UID of the cluster that it was in.</summary>
    public const string Cluster = "00000000-0000-4000-8000-000000000000";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The release that this checkout is, or will be.</summary>
    public static string Current { get; } =
        XDocument.Load(Repository.PathOf("Directory.Build.props")).Descendants("Version").Single().Value;

    /// <summary>Every release that was frozen, oldest first.</summary>
    public static IReadOnlyList<string> Versions { get; } =
        [.. Directory.GetDirectories(Repository.PathOf("tests/Fixtures")).Select(folder => Path.GetFileName(folder)).OrderBy(name => Version.Parse(name))];

    public string Definitions => PathOf("crd");

    /// <summary>The keys of its variables, as <c>--env-keys-file</c> wants them. They protect nothing else.</summary>
    public string Keys => PathOf("env-keys");

    /// <summary>The objects, with UIDs and statuses, so that what others are owned by comes before them.</summary>
    public IReadOnlyList<JsonObject> Objects() =>
        [.. JsonNode.Parse(File.ReadAllText(PathOf("objects.json")))!.AsArray().Select(item => item!.AsObject())];

    /// <summary>The ledger's schema and rows.</summary>
    public string Ledger() => File.ReadAllText(PathOf("ledger.sql"));

    /// <summary>Keeps what is given, and the definitions of this checkout.</summary>
    public void Write(IReadOnlyList<JsonObject> objects, string ledger, Func<string, string> neutral)
    {
        Directory.CreateDirectory(Definitions);
        foreach (var file in Directory.GetFiles(Repository.PathOf("config/crd")))
        {
            File.Copy(file, Path.Combine(Definitions, Path.GetFileName(file)), overwrite: true);
        }

        File.WriteAllText(PathOf("objects.json"), neutral(new JsonArray([.. objects]).ToJsonString(Indented)) + "\n");
        File.WriteAllText(PathOf("ledger.sql"), neutral(ledger));
    }

    private string PathOf(string file) => Repository.PathOf($"tests/Fixtures/{version}/{file}");
}
