using System.Text.Json.Nodes;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing;

namespace Slipway.Operator.Tests.Crashes;

/// <summary>Compares a scene with the end of a story, and what the objects say with what the ledger says.</summary>
internal sealed class StoryEnd(Story story, Scene scene)
{
    private const string Releases = """
        SELECT r.name, r.phase::text, coalesce(to_char(r.version_day, 'YYYYMMDD') || '.' || r.version_number, ''), r.deadline_at IS NOT NULL,
               coalesce(r.image_reference, ''), (SELECT string_agg(t.to_phase::text, ' ' ORDER BY t.id) FROM slipway.transitions t WHERE t.release_id = r.id)
        FROM slipway.releases r WHERE r.namespace = $1 ORDER BY r.id
        """;

    private const string Patches = """
        SELECT name || ' ' || initcap(outcome::text) || ' ' || coalesce(revision::text, '') || ' made ' || CASE WHEN made THEN 'True' ELSE 'False' END
        FROM slipway.env_patches WHERE namespace = $1 ORDER BY name
        """;

    private const string Needed = """
        SELECT DISTINCT 'slipway-env-' || e.stack_uid || '-' || e.number
        FROM slipway.releases r JOIN slipway.env_revisions e ON e.stack_id = r.stack_id AND e.number = r.env_revision
        WHERE r.namespace = $1 AND (r.phase = 'active' OR r.in_flight) ORDER BY 1
        """;

    private const string Projected = """
        SELECT 'slipway-env-' || e.stack_uid || '-' || e.number
        FROM slipway.env_revisions e JOIN slipway.stacks s ON s.id = e.stack_id WHERE s.namespace = $1 AND e.projected ORDER BY 1
        """;

    private readonly List<string> _differences = [];

    /// <summary>What is not as it is to be in the end; nothing when the story is over.</summary>
    public static async Task<IReadOnlyList<string>> DifferencesAsync(Story story, Scene scene)
    {
        var end = new StoryEnd(story, scene);
        var rows = await ReadAsync(scene);
        end.Compare("moves", string.Join("; ", story.Moves), string.Join("; ", rows.Select(row => $"{row.Name}: {row.Moves}")));
        if (end._differences.Count == 0)
        {
            // Only now: a story is on its way most of the time, and to look at everything takes the machine's time from it.
            await end.CompareObjectsAsync(rows);
            await end.CompareWorkloadAsync(rows);
            await end.CompareVariablesAsync();
        }

        return end._differences;
    }

    /// <summary>Where objects and ledger do not say the same: nothing when the operator has nothing more to say.</summary>
    public static async Task<IReadOnlyList<string>> DisagreementsAsync(Story story, Scene scene)
    {
        var end = new StoryEnd(story, scene);
        await end.CompareObjectsAsync(await ReadAsync(scene));
        await end.CompareVariablesAsync();
        return end._differences;
    }

    /// <summary>What a write of the operator would change.</summary>
    public static async Task<IReadOnlyList<string>> TracesAsync(Scene scene)
    {
        var traces = new List<string>();
        foreach (var plural in (string[])["deployments", "envpatches", "stacks"])
        {
            foreach (var item in await scene.World.Cluster.Server.ListAsync(scene.Namespace.Slipways(plural)))
            {
                traces.Add($"{plural}/{item.Text("metadata.name")} {item.Text("metadata.resourceVersion")}");
            }
        }

        var workload = await scene.WorkloadAsync();
        return [.. traces, $"workload {workload.Text("metadata.uid")} {workload.Number("metadata.generation")}"];
    }

    private static Task<IReadOnlyList<Row>> ReadAsync(Scene scene) => scene.World.Ledger.QueryAsync(
        Releases,
        row => new Row(row.GetString(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.GetString(4), row.GetString(5)),
        scene.Namespace.Name);

    private async Task CompareObjectsAsync(IReadOnlyList<Row> rows)
    {
        foreach (var release in await scene.World.Cluster.Server.ListAsync(scene.Namespace.Slipways("deployments")))
        {
            CompareRelease(release, rows.FirstOrDefault(row => row.Name == release.Text("metadata.name")));
        }

        foreach (var stack in await scene.World.Cluster.Server.ListAsync(scene.Namespace.Slipways("stacks")))
        {
            CompareStack(stack, rows);
        }

        foreach (var path in story.Gone.Select(gone => gone.Split('/')))
        {
            var left = await scene.World.Cluster.Server.GetAsync(path[0] == "teams" ? scene.TeamPath(path[1]) : scene.Namespace.Slipways(path[0], path[1]));
            Compare($"{path[0]}/{path[1]}", null, left.Text("metadata.name"));
        }
    }

    /// <param name="row">Null for one that waits: it has no row before it is admitted.</param>
    private void CompareRelease(JsonNode release, Row? row)
    {
        var name = release.Text("metadata.name");
        Compare($"{name} observed", $"{release.Number("metadata.generation")}", $"{release.Number("status.observedGeneration")}");
        Compare($"{name} phase", row?.Phase ?? "pending", Sql(release.Text("status.phase")));
        Compare($"{name} version", row?.Version ?? "", release.Text("status.version") ?? "");
        Compare($"{name} moves", row?.Moves ?? "", string.Join(' ', release.Items("status.transitions").Select(move => Sql(move.Text("to")))));
        Compare($"{name} deadline", $"{row?.HasDeadline ?? false}", $"{release.Text("status.deadlineAt") is not null}");
    }

    private void CompareStack(JsonNode stack, IReadOnlyList<Row> rows)
    {
        var name = stack.Text("metadata.name");
        Compare($"{name} observed", $"{stack.Number("metadata.generation")}", $"{stack.Number("status.observedGeneration")}");
        Compare($"{name} active", rows.FirstOrDefault(row => row.Phase == "active")?.Name, stack.Text("status.activeDeployment"));
        Compare(
            $"{name} releases",
            string.Join(", ", rows.Reverse().Take((int)(stack.Number("spec.policy.historyLimit") ?? 10)).Select(row => $"{row.Name} {row.Phase}")),
            string.Join(", ", stack.Items("status.releases").Select(one => $"{one.Text("deployment")} {Sql(one.Text("phase"))}")));
        Compare(
            $"{name} in flight",
            string.Join(", ", rows.Where(row => row.IsInFlight).Select(row => $"{row.Name} {row.HasDeadline}")),
            string.Join(", ", stack.Items("status.inFlight").Select(one => $"{one.Text("deployment")} {one.Text("deadline") is not null}")));
    }

    private async Task CompareWorkloadAsync(IReadOnlyList<Row> rows)
    {
        var workload = await scene.WorkloadAsync();
        Compare("running", rows.FirstOrDefault(row => row.Name == story.Running)?.Image, workload.Text("spec.template.spec.containers.0.image"));
        Compare("pods", story.Running is null ? 0 : 1, (await scene.PodsAsync()).Count);
        Compare("Jobs", 0, (await Builder.JobsAsync(scene)).Count);
        Compare("templates", story.Templates, (await scene.ReplicaSetsAsync()).Count);
    }

    /// <summary>What patches say, and which Secrets there are: those that somebody needs, and the ledger knows of no others.</summary>
    private async Task CompareVariablesAsync()
    {
        var ledger = scene.World.Ledger;
        var patches = await ledger.QueryAsync(Patches, row => row.GetString(0), scene.Namespace.Name);
        var objects = await scene.World.Cluster.Server.ListAsync(scene.Namespace.Slipways("envpatches"));
        Compare("patches", string.Join(", ", patches), string.Join(", ", objects.Select(
            patch => $"{patch.Text("metadata.name")} {patch.Text("status.phase")} {patch.Number("status.revision")} made {patch.Text("status.deployment") is not null}")));
        var needed = string.Join(", ", await ledger.QueryAsync(Needed, row => row.GetString(0), scene.Namespace.Name));
        Compare("Secrets", needed, string.Join(", ", await scene.SecretsAsync()));
        Compare("Secrets in the ledger", needed, string.Join(", ", await ledger.QueryAsync(Projected, row => row.GetString(0), scene.Namespace.Name)));
    }

    private void Compare<T>(string what, T expected, T actual)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            _differences.Add($"{what}: {actual}, not {expected}");
        }
    }

    /// <summary>A phase as the ledger spells it.</summary>
    private static string? Sql(string? phase) => phase == "RolledBack" ? "rolled_back" : phase?.ToLowerInvariant();

    private sealed record Row(string Name, string Phase, string Version, bool HasDeadline, string Image, string Moves)
    {
        public bool IsInFlight => Phase is "pending" or "building" or "pushing" or "activating";
    }
}
