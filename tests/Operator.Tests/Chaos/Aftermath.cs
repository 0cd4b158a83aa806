using System.Text.Json.Nodes;
using Slipway.Operator.Releases;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing;

namespace Slipway.Operator.Tests.Chaos;

/// <summary>Compares the objects of one namespace with the ledger, once nothing happens any more.</summary>
internal static class Aftermath
{
    private static readonly string[] Decided = ["Active", "Superseded", "RolledBack", "Failed", "Cancelled"];

    /// <summary>Each line is something that is not (yet) as it must be.</summary>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(Scene scene)
    {
        var server = scene.World.Cluster.Server;
        var stacks = await server.ListAsync(scene.Namespace.Slipways("stacks"));
        var releases = await server.ListAsync(scene.Namespace.Slipways("deployments"));
        var workloads = await server.ListAsync(scene.Namespace.Apps("deployments"));
        var jobs = await server.ListAsync(Builder.JobsPath(scene.Namespace));
        var pods = await scene.PodsAsync();
        var ledger = await LedgerView.ReadAsync(scene.World.Ledger, scene.Namespace.Name);
        return
        [
            .. stacks.SelectMany(stack => OfStack(stack, workloads.FirstOrDefault(one => one.Text("metadata.name") == stack.Text("metadata.name")), ledger)),
            .. releases.SelectMany(release => OfRelease(release, ledger)),
            .. ledger.Releases.Where(row => row.IsInFlight).Select(row => $"the ledger has {row.Name} (version {row.Version}) still {row.Phase}"),
            .. jobs.Select(job => $"Job {job.Text("metadata.name")} is left"),
            .. pods.Where(Builder.IsBuild).Select(pod => $"pod {pod.Name} of a build is left"),
        ];
    }

    private static IEnumerable<string> OfRelease(JsonNode release, LedgerView ledger)
    {
        var name = release.Text("metadata.name");
        if (release.At("metadata.deletionTimestamp") is not null)
        {
            yield return $"{name} is still on its way out: {release.At("metadata.finalizers")?.ToJsonString()}";
        }

        if (!Decided.Contains(release.Text("status.phase")))
        {
            yield return $"{name} is not decided: {release.At("status")?.ToJsonString()}";
        }
        else if (RowOf(release, ledger) is not { } row)
        {
            yield return $"{name} is {release.Text("status.phase")} and unknown to the ledger";
        }
        else if (Saying(release) is var said && said != $"{row.Phase} {row.Version} after {row.Moves}")
        {
            yield return $"{name} says {said}, and the ledger {row.Phase} {row.Version} after {row.Moves}";
        }
    }

    private static string Saying(JsonNode release) =>
        $"{Sql(release.Text("status.phase"))} {release.Text("status.version")} after "
        + string.Join(',', release.Items("status.transitions").Select(transition => Sql(transition.Text("to"))));

    private static string Sql(string? phase) => phase == "RolledBack" ? "rolled_back" : phase?.ToLowerInvariant() ?? "";

    /// <summary>The row of the very object, or of a former one of its name that asked for the same.</summary>
    private static RecordedRelease? RowOf(JsonNode release, LedgerView ledger)
    {
        var namesakes = ledger.Releases.Where(row => row.Name == release.Text("metadata.name")).ToList();
        return namesakes.Find(row => row.Uid == release.Text("metadata.uid")) ?? namesakes.Find(row =>
            row.SpecHash == release.Text("status.specHash")
            && row.RerunToken == (release.Annotation("slipway.dev/rerun") ?? "")
            && (row.StackUid.Length == 0 || row.StackUid == release.Text("status.stackUid")));
    }

    private static IEnumerable<string> OfStack(JsonNode stack, JsonNode? workload, LedgerView ledger)
    {
        var (name, uid) = (stack.Text("metadata.name"), stack.Text("metadata.uid")!);
        if (stack.At("metadata.deletionTimestamp") is not null || !ledger.Stacks.TryGetValue(uid, out var sequence))
        {
            return [$"stack {name} is on its way out, or unknown to the ledger"];
        }

        var active = ledger.Releases.FirstOrDefault(row => row.StackUid == uid && row.Phase == "active");
        var said = $"{stack.Text("status.activeDeployment")} {stack.Text("status.activeVersion")} {stack.Text("status.activeImage")}";
        var inFlight = stack.Items("status.inFlight").Append(stack.Condition("Reconciling")).OfType<JsonNode>()
            .Select(one => $"stack {name} is held by {one.ToJsonString()}");
        var status = said == $"{active?.Name} {active?.Version} {active?.Image}" ? [] : new[] { $"stack {name} says {said}, and the ledger {active?.Name} {active?.Version}" };
        return [.. inFlight, .. status, .. OfWorkload(stack, workload, active, sequence)];
    }

    private static IEnumerable<string> OfWorkload(JsonNode stack, JsonNode? workload, RecordedRelease? active, string sequence)
    {
        var name = stack.Text("metadata.name");
        var owner = workload.At("metadata.ownerReferences.0.uid")?.ToString();
        if (active is null)
        {
            // What a former stack left behind runs until the first release.
            return workload is null || (owner is null && workload.Annotation("slipway.dev/orphaned-from") == name)
                ? [] : [$"workload {name} runs {Running(workload)}, and nothing is active"];
        }

        var wanted = ReleaseTemplate.Parse(active.Template).Render(active.Image, new Dictionary<string, string>());
        var expected = $"{Running(new JsonObject { ["spec"] = new JsonObject { ["template"] = JsonNode.Parse(wanted.GetRawText()) } })} at {sequence} of {stack.Text("metadata.uid")}";
        var actual = workload is null ? "nothing" : $"{Running(workload)} at {workload.Annotation("slipway.dev/sequence")} of {owner}";
        return expected == actual ? [] : [$"workload {name} is {actual}, and is to be {expected}"];
    }

    public static string Running(JsonNode? workload) =>
        $"{workload.Text("spec.template.spec.containers.0.image")} {workload.At("spec.template.spec.containers.0.args")?.ToJsonString()}";
}
