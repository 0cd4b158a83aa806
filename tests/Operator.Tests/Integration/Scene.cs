using System.Text;
using System.Text.Json.Nodes;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Slipway.Testing.Nodes;
using Slipway.Testing.Registry;

namespace Slipway.Operator.Tests.Integration;

/// <summary>One test's namespace: puts stacks and releases there, and sees what becomes of them.</summary>
public sealed class Scene(OperatorWorld world, TestNamespace @namespace) : IAsyncDisposable
{
    private static readonly string[] Ended = ["Superseded", "RolledBack", "Failed", "Cancelled"];

    public TestNamespace Namespace { get; } = @namespace;

    public OperatorWorld World { get; } = world;

    /// <summary>A new image in the registry, in a repository of this scene.</summary>
    public FakeImage Push(string name = "app", string tag = "1", FakeImageForm form = FakeImageForm.OciManifest) =>
        World.Registry.Push($"{Namespace.Name}/{name}", tag, form);

    /// <summary>Applies a stack with one container; the spec given goes over the default one, and null takes away.</summary>
    public Task<JsonNode> StackAsync(string name = "web", JsonObject? spec = null)
    {
        var whole = new JsonObject
        {
            ["replicas"] = 1,
            ["template"] = new JsonObject
            {
                ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "app" }) },
            },
        };
        foreach (var (key, value) in spec ?? [])
        {
            whole.Remove(key);
            if (value is not null)
            {
                whole[key] = value.DeepClone();
            }
        }

        return ApplyAsync("stacks", "Stack", name, whole);
    }

    /// <summary>Applies a Deployment of ours that releases the image.</summary>
    public Task<JsonNode> ReleaseAsync(string name, string image, string stack = "web") =>
        ReleaseAsync(name, new JsonObject { ["stack"] = stack, ["source"] = new JsonObject { ["image"] = image } });

    public Task<JsonNode> ReleaseAsync(string name, JsonObject spec) => ApplyAsync("deployments", "Deployment", name, spec);

    /// <summary>Applies an EnvPatch; the spec given goes beside the stack's name.</summary>
    public Task<JsonNode> PatchAsync(string name, JsonObject spec, string stack = "web")
    {
        spec["stack"] = stack;
        return ApplyAsync("envpatches", "EnvPatch", name, spec);
    }

    /// <summary>Waits until the patch is in that phase; at once an error when it has ended in another one.</summary>
    public async Task<JsonNode> PatchPhaseAsync(string name, string phase)
    {
        var seen = await SeePatchAsync(
            name, phase, patch => patch.Text("status.phase") == phase || patch.Text("status.phase") is "Applied" or "Rejected");
        return seen.Text("status.phase") == phase
            ? seen
            : throw new InvalidOperationException($"{name} is not to become {phase} any more:\n{seen}\n{World.Operator.Log}");
    }

    public async Task<JsonNode> SeePatchAsync(string name, string what, Func<JsonNode, bool> holds) => (await Eventually.See(
        $"{name}: {what}",
        () => World.Cluster.Server.GetAsync(Namespace.Slipways("envpatches", name)),
        patch => patch is not null && holds(patch),
        () => World.Operator.Log))!;

    /// <summary>The variables that the workload's pods get of the stack, as they stand in its Secret.</summary>
    public async Task<IReadOnlyDictionary<string, string>> VariablesAsync(string stack = "web")
    {
        var workload = await WorkloadAsync(stack);
        var name = workload?["spec"]!["template"]!["spec"]!["containers"]![0]!["envFrom"]?[0]!["secretRef"]!["name"]!.GetValue<string>();
        return name is null
            ? new Dictionary<string, string>()
            : (await World.Cluster.Server.GetAsync(Namespace.Core("secrets", name)))?["data"]?.AsObject().ToDictionary(
                pair => pair.Key, pair => Encoding.UTF8.GetString(Convert.FromBase64String(pair.Value!.GetValue<string>()))) ?? [];
    }

    /// <summary>Waits until the release is in that phase; at once an error when it has ended in another one.</summary>
    public async Task<JsonNode> PhaseAsync(string name, string phase)
    {
        var seen = await SeeReleaseAsync(
            name, $"{phase}", release => release.Text("status.phase") == phase || Ended.Contains(release.Text("status.phase")));
        return seen.Text("status.phase") == phase
            ? seen
            : throw new InvalidOperationException($"{name} is not to become {phase} any more:\n{seen}\n{World.Operator.Log}");
    }

    public async Task<JsonNode> SeeReleaseAsync(string name, string what, Func<JsonNode, bool> holds) => (await Eventually.See(
        $"{name}: {what}",
        () => World.Cluster.Server.GetAsync(Namespace.Slipways("deployments", name)),
        release => release is not null && holds(release),
        () => World.Operator.Log))!;

    /// <summary>Waits until the release says that it waits, for that reason.</summary>
    public Task<JsonNode> WaitsAsync(string name, string reason) =>
        SeeReleaseAsync(name, $"waits: {reason}", release => release.ConditionText("Reconciling") == $"True {reason}");

    public async Task<JsonNode> GetReleaseAsync(string name) =>
        (await World.Cluster.Server.GetAsync(Namespace.Slipways("deployments", name)))!;

    /// <summary>Waits until the stack has an active release and nothing under way.</summary>
    public Task<JsonNode> SeeStackSettledAsync(string name = "web") => SeeStackAsync(
        name, "settled", stack => stack.ConditionText("Ready") == "True Active" && stack.Condition("Reconciling") is null);

    public async Task<JsonNode> SeeStackAsync(string name, string what, Func<JsonNode, bool> holds) => (await Eventually.See(
        $"{name}: {what}",
        () => World.Cluster.Server.GetAsync(Namespace.Slipways("stacks", name)),
        stack => stack is not null && holds(stack),
        () => World.Operator.Log))!;

    /// <summary>The workload as it is; null when there is none.</summary>
    public Task<JsonNode?> WorkloadAsync(string name = "web") => World.Cluster.Server.GetAsync(Namespace.Apps("deployments", name));

    public async Task<JsonNode> SeeWorkloadAsync(string what, Func<JsonNode, bool> holds, string name = "web") => (await Eventually.See(
        $"workload {name}: {what}", () => WorkloadAsync(name), workload => workload is not null && holds(workload), () => World.Operator.Log))!;

    /// <summary>
    /// The workload when its rollout is over and it bears the ledger's last word, so that nobody has a reason left to
    /// write it: what a later reading is compared with. A release is Active a moment before both are true.
    /// </summary>
    public async Task<JsonNode> SettledWorkloadAsync(string name = "web")
    {
        await SeeStackSettledAsync(name);
        var sequence = await World.Ledger.SequenceAsync(Namespace.Name, name);
        return await SeeWorkloadAsync("settled", workload =>
            workload["metadata"]!["annotations"]![Crds.WellKnown.Annotations.Sequence]?.GetValue<string>() == sequence
            && workload.Number("status.observedGeneration") == workload.Number("metadata.generation")
            && workload.Condition("Progressing")?.Text("reason") == "NewReplicaSetAvailable"
            && workload.Number("status.updatedReplicas") == workload.Number("status.replicas")
            && workload.Number("status.availableReplicas") == workload.Number("status.replicas"), name);
    }

    public async Task<IReadOnlyList<FakePod>> PodsAsync() =>
        [.. (await World.Cluster.Server.ListAsync(Namespace.Core("pods"))).Select(pod => new FakePod(pod))];

    public Task<IReadOnlyList<JsonNode>> ReplicaSetsAsync() => World.Cluster.Server.ListAsync(Namespace.Apps("replicasets"));

    public Task<JsonNode> MergeReleaseAsync(string name, JsonObject patch) =>
        World.Cluster.Server.MergeAsync(Namespace.Slipways("deployments", name), patch);

    public Task<JsonNode> MergeStackAsync(string name, JsonObject patch) =>
        World.Cluster.Server.MergeAsync(Namespace.Slipways("stacks", name), patch);

    /// <summary>From now on the stack gives up a rollout after so many seconds; waits until the operator has seen that.</summary>
    public async Task DeadlineAsync(int seconds, string stack = "web") =>
        await SeeObservedAsync(await MergeStackAsync(stack, new JsonObject { ["spec"] = StackSpecs.Deadline(seconds) }));

    /// <summary>Waits until the operator has seen the spec of a stack that was changed.</summary>
    public Task SeeObservedAsync(JsonNode stack) => SeeStackAsync(
        stack.Text("metadata.name")!,
        "its spec is seen",
        one => one.Number("status.observedGeneration") >= stack.Number("metadata.generation"));

    /// <summary>Deletes an object and waits until it is gone.</summary>
    public async Task DeleteAsync(string path)
    {
        await World.Cluster.Server.DeleteAsync(path);
        await Eventually.See($"gone: {path}", () => World.Cluster.Server.GetAsync(path), item => item is null, () => World.Operator.Log);
    }

    public ValueTask DisposeAsync() => Namespace.DisposeAsync();

    private Task<JsonNode> ApplyAsync(string plural, string kind, string name, JsonObject spec) =>
        World.Cluster.Server.ApplyAsync(Namespace.Slipways(plural, name), new JsonObject
        {
            ["apiVersion"] = "slipway.dev/v1alpha1",
            ["kind"] = kind,
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = spec,
        });
}
