using System.Text.Json.Nodes;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing;
using Slipway.Testing.Cluster;

namespace Slipway.Operator.Tests.Chaos;

/// <summary>Every state that the workloads of a namespace were in, held against the ledger.</summary>
internal static class WorkloadHistory
{
    public static async Task<IReadOnlyList<string>> ProblemsAsync(WatchRecorder workloads, Scene scene)
    {
        var ledger = await LedgerView.ReadAsync(scene.World.Ledger, scene.Namespace.Name);
        var problems = new List<string>();
        var meaning = new Dictionary<string, string>(ledger.Activations);
        var latest = new Dictionary<string, long>();
        foreach (var workload in workloads.States.SelectMany(state => state))
        {
            Follow(workload, meaning, latest, problems);
        }

        return problems.Distinct().ToList();
    }

    /// <summary>A workload never goes back to what was decided before, and is at each step what that step made it.</summary>
    private static void Follow(JsonNode workload, Dictionary<string, string> meaning, Dictionary<string, long> latest, List<string> problems)
    {
        if (workload.Annotation("slipway.dev/sequence") is not { } sequence)
        {
            return;
        }

        var (uid, step) = (workload.Text("metadata.uid")!, long.Parse(sequence));
        var image = workload.Text("spec.template.spec.containers.0.image")!;
        if (latest.TryGetValue(uid, out var before) && step < before)
        {
            problems.Add($"workload {workload.Text("metadata.name")} went back from step {before} to {step} ({image})");
        }

        latest[uid] = Math.Max(step, before);
        if (!meaning.TryAdd(sequence, image) && meaning[sequence] != image)
        {
            problems.Add($"workload {workload.Text("metadata.name")} ran {image} at step {sequence}, which is {meaning[sequence]}");
        }
    }
}
