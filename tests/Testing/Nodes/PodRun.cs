using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.Testing.Nodes;

/// <summary>A pod on its way to its end, and the status that a kubelet would write of it at each moment.</summary>
internal sealed class PodRun
{
    private readonly IReadOnlyList<Stage> _init;
    private readonly IReadOnlyList<Stage> _main;
    private string _started = "";

    public PodRun(FakePod pod, IReadOnlyList<PodStep> steps)
    {
        _init = Stages(pod.InitContainers, steps);
        _main = Stages(pod.Containers, steps);
        var known = _init.Concat(_main).Select(stage => stage.Step.Container).ToList();
        var unknown = steps.FirstOrDefault(step => !known.Contains(step.Container));
        if (unknown is not null)
        {
            throw new InvalidOperationException($"Pod {pod.Name} has no container {unknown.Container}: it has {string.Join(", ", known)}.");
        }
    }

    /// <summary>The step that is to run now; null when the pod is over.</summary>
    public PodStep? Next => Failed ? null : Current?.Step;

    private bool Failed => _init.Concat(_main).Any(stage => stage is { Ended: not null, HasEndedWell: false });

    private Stage? Current => _init.Concat(_main).FirstOrDefault(stage => stage.Ended is null);

    public void Begin(DateTimeOffset now)
    {
        Current!.Begun = Text(now);
        _started = _started.Length == 0 ? Text(now) : _started;
    }

    public void End(DateTimeOffset now) => Current!.Ended = Text(now);

    public JsonObject Status()
    {
        var initialized = _init.All(stage => stage.HasEndedWell);
        var over = Next is null;
        var ready = _main.All(stage => stage.IsRunning);
        return new JsonObject
        {
            ["status"] = new JsonObject
            {
                ["phase"] = Failed ? "Failed" : over ? "Succeeded" : _main.Any(stage => stage.Begun is not null) ? "Running" : "Pending",
                ["startTime"] = _started,
                ["conditions"] = new JsonArray(
                    Condition("PodScheduled", true, null), Condition("Initialized", initialized, "ContainersNotInitialized"),
                    Condition("ContainersReady", ready, over ? "PodCompleted" : "ContainersNotReady"),
                    Condition("Ready", ready, over ? "PodCompleted" : "ContainersNotReady")),
                ["initContainerStatuses"] = new JsonArray([.. _init.Select(stage => Container(stage, stage.HasEndedWell))]),
                ["containerStatuses"] = new JsonArray([.. _main.Select(stage => Container(stage, stage.IsRunning))]),
            },
        };
    }

    private static List<Stage> Stages(IEnumerable<JsonNode> containers, IReadOnlyList<PodStep> steps) =>
    [
        .. containers.Select(container => new Stage(
            (string)container["image"]!,
            steps.FirstOrDefault(step => step.Container == (string)container["name"]!) ?? new PodStep((string)container["name"]!))),
    ];

    private JsonObject Condition(string type, bool status, string? reason)
    {
        var condition = new JsonObject { ["type"] = type, ["status"] = status ? "True" : "False", ["lastTransitionTime"] = _started };
        if (!status)
        {
            condition["reason"] = reason;
        }

        return condition;
    }

    private static JsonNode Container(Stage stage, bool ready) => new JsonObject
    {
        ["name"] = stage.Step.Container,
        ["image"] = stage.Image,
        ["imageID"] = "",
        ["ready"] = ready,
        ["restartCount"] = 0,
        ["state"] = State(stage),
    };

    private static JsonObject State(Stage stage) => stage switch
    {
        { Begun: null } => new JsonObject { ["waiting"] = new JsonObject { ["reason"] = "PodInitializing" } },
        { Ended: null } => new JsonObject { ["running"] = new JsonObject { ["startedAt"] = stage.Begun } },
        _ => new JsonObject
        {
            ["terminated"] = new JsonObject
            {
                ["exitCode"] = stage.Step.ExitCode,
                ["reason"] = stage.Step.Reason ?? (stage.Step.ExitCode == 0 ? "Completed" : "Error"),
                ["message"] = stage.Step.Message,
                ["startedAt"] = stage.Begun,
                ["finishedAt"] = stage.Ended,
            },
        },
    };

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private sealed class Stage(string image, PodStep step)
    {
        public string Image => image;

        public PodStep Step => step;

        public string? Begun { get; set; }

        public string? Ended { get; set; }

        public bool IsRunning => Begun is not null && Ended is null;

        public bool HasEndedWell => Ended is not null && Step.ExitCode == 0;
    }
}
