using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;

namespace Slipway.Operator.Tests.Integration;

/// <summary>What tests of variables do and see in a scene.</summary>
internal static class EnvScene
{
    private const string Numbers = """
        SELECT e.number FROM slipway.env_revisions e JOIN slipway.stacks s ON s.id = e.stack_id
        WHERE s.namespace = $1 AND s.name = 'web' ORDER BY e.number
        """;

    /// <summary>Releases an image, and waits until it is active.</summary>
    public static async Task<JsonNode> ActiveAsync(this Scene scene, string name = "one")
    {
        await scene.ReleaseAsync(name, scene.Push(name).ByTag);
        return await scene.PhaseAsync(name, "Active");
    }

    /// <summary>Waits until the patch says that it waits, for that reason.</summary>
    public static async Task<JsonNode> PatchWaitsAsync(this Scene scene, string name, string reason)
    {
        var waiting = await scene.SeePatchAsync(name, $"waits: {reason}", patch => patch.ConditionText("Reconciling") == $"True {reason}");
        (waiting.Text("status.phase"), waiting.Text("status.reason")).ShouldBe(("Pending", reason));
        waiting.ConditionText("Ready").ShouldBe($"False {reason}");
        return waiting;
    }

    /// <summary>Waits until the patch is refused, for that reason.</summary>
    public static async Task<JsonNode> PatchRefusedAsync(this Scene scene, string name, string reason)
    {
        var refused = await scene.PatchPhaseAsync(name, "Rejected");
        refused.Text("status.reason").ShouldBe(reason);
        (refused.ConditionText("Ready"), refused.ConditionText("Stalled")).ShouldBe(($"False {reason}", $"True {reason}"));
        return refused;
    }

    /// <summary>Waits until the Deployment that a patch has made is in that phase.</summary>
    public static async Task<JsonNode> PatchReleaseAsync(this Scene scene, string patch, string phase)
    {
        var made = await scene.SeePatchAsync(patch, "its release", one => one.Text("status.deployment") is not null);
        return await scene.PhaseAsync(made.Text("status.deployment")!, phase);
    }

    /// <summary>Waits until somebody has made the release, and it is in that phase.</summary>
    public static async Task<JsonNode> PhaseWhenMadeAsync(this Scene scene, string name, string phase)
    {
        await Eventually.See($"{name} is made", scene.ReleaseNamesAsync, names => names.Contains(name), () => scene.World.Operator.Log);
        return await scene.PhaseAsync(name, phase);
    }

    /// <summary>Names of the Secrets in the namespace that the operator has made, in order.</summary>
    public static async Task<IReadOnlyList<string>> SecretsAsync(this Scene scene) =>
    [
        .. (await scene.World.Cluster.Server.ListAsync(scene.Namespace.Core("secrets")))
            .Select(secret => secret.Text("metadata.name")!).Where(name => name.StartsWith("slipway-env-", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
    ];

    /// <summary>Waits until exactly the Secrets of these revisions are there.</summary>
    public static async Task SeeSecretsAsync(this Scene scene, params long[] revisions)
    {
        var stack = await scene.World.Cluster.Server.GetAsync(scene.Namespace.Slipways("stacks", "web"));
        var names = revisions.Select(number => $"slipway-env-{stack.Text("metadata.uid")}-{number}").ToList();
        await Eventually.See($"the Secrets of {string.Join(", ", revisions)}", scene.SecretsAsync, seen => seen.SequenceEqual(names), () => scene.World.Operator.Log);
    }

    /// <summary>Waits until the workload's pods get these variables, as <c>A=1 B=2</c>.</summary>
    public static Task SeeVariablesAsync(this Scene scene, string variables, string stack = "web") => Eventually.See(
        $"the variables {variables}",
        async () => string.Join(' ', (await scene.VariablesAsync(stack)).OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}={one.Value}")),
        seen => seen == variables,
        () => scene.World.Operator.Log);

    /// <summary>Numbers of the revisions of the stack, in order.</summary>
    public static Task<IReadOnlyList<long>> RevisionsAsync(this Scene scene) =>
        scene.World.Ledger.QueryAsync(Numbers, row => row.GetInt64(0), scene.Namespace.Name);

    /// <summary>Names of the Deployments of ours, in order.</summary>
    public static async Task<IReadOnlyList<string>> ReleaseNamesAsync(this Scene scene) =>
        [.. (await scene.World.Cluster.Server.ListAsync(scene.Namespace.Slipways("deployments"))).Select(one => one.Text("metadata.name")!).Order(StringComparer.Ordinal)];

    /// <summary>Puts an annotation on an object of ours, so that the operator looks at it.</summary>
    public static Task<JsonNode> TouchAsync(this Scene scene, string plural, string name, string value) => scene.World.Cluster.Server.MergeAsync(
        scene.Namespace.Slipways(plural, name),
        new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["example.org/touched"] = value } } });
}
