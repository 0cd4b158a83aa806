using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Cluster;

namespace Slipway.Operator.Tests.Integration;

/// <summary>
/// What tests of teams do and see in a scene. Teams are in no namespace: their names, and by that their slugs, begin with the name of the
/// scene's.
/// </summary>
internal static partial class TeamScene
{
    private const string Rows = """
        SELECT concat_ws(' ', t.lifecycle, g.slug,
               (SELECT string_agg(m.role::text || ':' || m.subject, ' ' ORDER BY m.role, m.subject) FROM slipway.team_members m WHERE m.team_id = t.id))
        FROM slipway.teams t LEFT JOIN slipway.slugs g ON g.team_id = t.id WHERE t.name = $1 ORDER BY t.id
        """;

    private const string Bound = """
        SELECT t.name FROM slipway.stacks s JOIN slipway.teams t ON t.id = s.team_id
        WHERE s.namespace = $1 AND s.name = $2 AND s.lifecycle <> 'deleted'
        """;

    private const string Slugs = """
        SELECT g.slug FROM slipway.slugs g JOIN slipway.stacks s ON s.id = g.stack_id WHERE s.namespace = $1 AND s.name = $2
        """;

    /// <summary>The name of a team of this scene; also its slug, unless it is called otherwise.</summary>
    public static string TeamName(this Scene scene, string name = "team") => $"{scene.Namespace.Name}-{name}";

    /// <summary>The namespace of the scene that a team is of; null when it is of none.</summary>
    public static string? NamespaceOf(string? team) => SceneName().Match(team ?? "") is { Success: true } name ? name.Value : null;

    public static string TeamPath(this Scene scene, string name = "team") => $"/apis/slipway.dev/v1alpha1/teams/{scene.TeamName(name)}";

    /// <summary>Applies a team that alice owns; the spec given goes over the default one, and null takes away.</summary>
    public static Task<JsonNode> TeamAsync(this Scene scene, string name = "team", JsonObject? spec = null) =>
        scene.World.Cluster.Server.ApplyAsync(scene.TeamPath(name), scene.TeamObject(name, spec));

    /// <summary>The object that is applied.</summary>
    public static JsonObject TeamObject(this Scene scene, string name = "team", JsonObject? spec = null)
    {
        var whole = new JsonObject { ["displayName"] = scene.TeamName(name), ["owner"] = "alice" };
        foreach (var (key, value) in spec ?? [])
        {
            whole.Remove(key);
            if (value is not null)
            {
                whole[key] = value.DeepClone();
            }
        }

        return new JsonObject
        {
            ["apiVersion"] = "slipway.dev/v1alpha1",
            ["kind"] = "Team",
            ["metadata"] = new JsonObject { ["name"] = scene.TeamName(name), ["labels"] = new JsonObject([LocalCluster.TestLabel]) },
            ["spec"] = whole,
        };
    }

    public static JsonObject Owner(string owner, params IReadOnlyList<string> members) => Members(members).With(new JsonObject { ["owner"] = owner });

    public static JsonObject Members(params IReadOnlyList<string> members) => new()
    {
        ["members"] = new JsonArray([.. members.Select(member => new JsonObject { ["subject"] = member })]),
    };

    public static JsonObject Called(string? displayName) => new() { ["displayName"] = displayName };

    /// <summary>A stack's spec that names a team of the scene.</summary>
    public static JsonObject OfTeam(this Scene scene, string name = "team") => new() { ["team"] = scene.TeamName(name) };

    public static async Task<JsonNode> SeeTeamAsync(this Scene scene, string name, string what, Func<JsonNode, bool> holds) => (await Eventually.See(
        $"team {name}: {what}",
        () => scene.World.Cluster.Server.GetAsync(scene.TeamPath(name)),
        team => team is not null && holds(team),
        () => scene.World.Operator.Log))!;

    /// <summary>Waits until the team is ready, as it was last applied.</summary>
    public static Task<JsonNode> TeamReadyAsync(this Scene scene, string name = "team") =>
        scene.SeeTeamAsync(name, "ready", team => team.ConditionText("Ready") == "True TeamReady" && IsObserved(team));

    /// <summary>Waits until the team, as it was last applied, says that a person must act, for that reason.</summary>
    public static async Task<JsonNode> TeamStallsAsync(this Scene scene, string reason, string name = "team")
    {
        var team = await scene.SeeTeamAsync(name, $"stalled: {reason}", one => one.ConditionText("Stalled") == $"True {reason}" && IsObserved(one));
        (team.ConditionText("Ready"), team.ConditionText("Reconciling")).ShouldBe(($"False {reason}", "absent"));
        return team;
    }

    public static Task SeeTeamGoneAsync(this Scene scene, string name = "team") => Eventually.See(
        $"team {name} gone", () => scene.World.Cluster.Server.GetAsync(scene.TeamPath(name)), team => team is null, () => scene.World.Operator.Log);

    /// <summary>Asks for its deletion, and does not wait.</summary>
    public static Task DeleteTeamAsync(this Scene scene, string name = "team") => scene.World.Cluster.Server.DeleteAsync(scene.TeamPath(name));

    public static Task<JsonNode> MergeTeamAsync(this Scene scene, JsonObject patch, string name = "team") =>
        scene.World.Cluster.Server.MergeAsync(scene.TeamPath(name), patch);

    /// <summary>The rows of that name in the ledger, oldest first, as <c>live SLUG owner:alice member:bob</c> or <c>deleted</c>.</summary>
    public static Task<IReadOnlyList<string>> TeamRowsAsync(this Scene scene, string name = "team") =>
        scene.World.Ledger.QueryAsync(Rows, row => row.GetString(0), scene.TeamName(name));

    public static Task SeeTeamRowsAsync(this Scene scene, string name, params IReadOnlyList<string> rows) => Eventually.See(
        $"rows of team {name}", () => scene.TeamRowsAsync(name), seen => seen.SequenceEqual(rows), () => scene.World.Operator.Log);

    /// <summary>The name of the team that the ledger has the stack bound to; null for none.</summary>
    public static async Task<string?> BoundTeamAsync(this Scene scene, string stack = "web") =>
        (await scene.World.Ledger.QueryAsync(Bound, row => row.GetString(0), scene.Namespace.Name, stack)).SingleOrDefault();

    /// <summary>The slug that the ledger has for the stack; null for none.</summary>
    public static async Task<string?> StackSlugAsync(this Scene scene, string stack = "web") =>
        (await scene.World.Ledger.QueryAsync(Slugs, row => row.GetString(0), scene.Namespace.Name, stack)).SingleOrDefault();

    /// <summary>Waits for an Event of that reason about the team; those of cluster-wide objects are in the namespace kube-system.</summary>
    public static Task<IReadOnlyList<JsonNode>> SeeTeamEventAsync(this Scene scene, string reason, string name = "team") => Eventually.See(
        $"an Event {reason} of team {name}",
        async () => (IReadOnlyList<JsonNode>)
        [
            .. (await scene.World.Cluster.Server.ListAsync("/apis/events.k8s.io/v1/namespaces/kube-system/events"))
                .Where(one => one.Text("regarding.name") == scene.TeamName(name) && one.Text("reason") == reason),
        ],
        events => events.Count > 0,
        () => scene.World.Operator.Log);

    [GeneratedRegex("^test-[0-9a-f]{8}-[0-9]+(?=-)", RegexOptions.CultureInvariant)]
    private static partial Regex SceneName();

    private static bool IsObserved(JsonNode item) => item.Number("status.observedGeneration") == item.Number("metadata.generation");
}
