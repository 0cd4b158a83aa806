using System.Text.Json.Nodes;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing;

namespace Slipway.Operator.Tests.Chaos;

/// <summary>The stack of one namespace, as people and repositories treat it.</summary>
public sealed class ChaosStack(Scene scene, string name, string concurrency)
{
    /// <summary>How long a rollout may take at the end, so that what never runs is soon given up.</summary>
    private const int FinalDeadline = 6;

    /// <summary>With one that lets releases overtake one another twice as often.</summary>
    public static readonly IReadOnlyList<string> Policies = ["Parallel", "Queue", "Supersede", "Parallel", "Reject"];

    private readonly JsonObject _policy = new() { ["concurrency"] = concurrency, ["progressDeadlineSeconds"] = 4 };
    private JsonObject? _source;
    private string _argument = "0";
    private bool _suspended;
    private bool _orphans;

    public Scene Scene { get; } = scene;

    public string Name { get; } = name;

    private string Path => Scene.Namespace.Slipways("stacks", Name);

    public async Task MakeAsync()
    {
        var spec = StackSpecs.Container("args", new JsonArray(_argument)).With(new JsonObject
        {
            ["policy"] = _policy.DeepClone(),
            ["suspend"] = _suspended,
            ["deletionPolicy"] = _orphans ? "Orphan" : "Delete",
        });
        await Scene.StackAsync(Name, _source is null ? spec : spec.With(new JsonObject { ["source"] = _source.DeepClone() }));
    }

    public Task<string> SetConcurrencyAsync(int pick) => EditAsync(() => SetPolicy("concurrency", Policies[pick % Policies.Count]));

    /// <summary>Short enough to pass, and sometimes one that is taken away again.</summary>
    public Task<string> SetTimeoutsAsync(int pick)
    {
        string[] names = ["queueTimeoutSeconds", "buildTimeoutSeconds", "pushTimeoutSeconds", "progressDeadlineSeconds"];
        var name = names[pick % names.Length];
        var seconds = 1 + (pick / names.Length % 4);
        return EditAsync(() => SetPolicy(name, seconds < 4 || name == "progressDeadlineSeconds" ? seconds : null));
    }

    public Task<string> SetSourceAsync(int pick) => EditAsync(() =>
    {
        _source = pick % 5 == 0 ? null : new JsonObject { ["image"] = Scene.Push(pick % 5 == 1 ? "slow" : "made", $"{pick % 3}").ByTag };
        return $"source {_source?.ToJsonString()}";
    });

    public Task<string> SetTemplateAsync(int pick) => EditAsync(() => $"args {_argument = $"{pick % 7}"}");

    public Task<string> SuspendAsync(int pick) => EditAsync(() => $"suspend {_suspended = pick % 3 == 0}");

    /// <summary>Deletes it with the other one's policy about half the time; does not wait for the end.</summary>
    public async Task<string> DeleteAsync(int pick)
    {
        _orphans = pick % 2 == 0;
        await EditAsync(() => "");
        await Scene.World.Cluster.Server.DeleteAsync(Path);
        return _orphans ? "orphans its workload" : "takes its workload along";
    }

    public async Task<string> DeleteWorkloadAsync()
    {
        await Scene.World.Cluster.Server.DeleteAsync(Scene.Namespace.Apps("deployments", Name));
        return "";
    }

    /// <summary>There it is at last: not on its way out, not suspended, and patient but with what never runs.</summary>
    public async Task SettleAsync()
    {
        _suspended = false;
        _policy.Remove("queueTimeoutSeconds");
        SetPolicy("progressDeadlineSeconds", FinalDeadline);
        await Eventually.See("the stack", MadeAsync, stack => stack is not null && stack.At("metadata.deletionTimestamp") is null);
    }

    private async Task<JsonNode?> MadeAsync()
    {
        await MakeAsync();
        return await Scene.World.Cluster.Server.GetAsync(Path);
    }

    /// <summary>A change of what there is; of a stack that is not there, only for when it is made again.</summary>
    private async Task<string> EditAsync(Func<string> change)
    {
        var said = change();
        if (await Scene.World.Cluster.Server.GetAsync(Path) is { } live && live.At("metadata.deletionTimestamp") is null)
        {
            await MakeAsync();
            return said;
        }

        return $"{said}, once it is there again";
    }

    private string SetPolicy(string key, JsonNode? value)
    {
        _policy.Remove(key);
        if (value is not null)
        {
            _policy[key] = value;
        }

        return $"{key} {value}";
    }
}
