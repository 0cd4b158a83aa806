using Slipway.Operator.Tests.Integration;
using Slipway.Testing;

namespace Slipway.Operator.Tests.Chaos;

/// <summary>One namespace of a storm: a stack, its releases, its builds and its pods.</summary>
public sealed class ChaosPlace
{
    private ChaosPlace(Scene scene, ChaosPods pods, string concurrency)
    {
        (Scene, Pods) = (scene, pods);
        Stack = new ChaosStack(scene, "web", concurrency);
        Releases = new ChaosReleases(scene, "web");
    }

    public Scene Scene { get; }

    public ChaosPods Pods { get; }

    public ChaosStack Stack { get; }

    public ChaosReleases Releases { get; }

    public static async Task<ChaosPlace> MakeAsync(OperatorWorld world, string concurrency)
    {
        Scene? scene = null;
        var pods = new ChaosPods { Push = (stack, number) => scene!.Push(stack, $"built-{number}").Digest };
        scene = await world.NewSceneAsync(pods.Behave);
        var place = new ChaosPlace(scene, pods, concurrency);
        await place.Stack.MakeAsync();
        return place;
    }

    public async Task<string> DoAsync(StormEvent what) => what.Kind switch
    {
        StormKind.ReleaseImage => await Releases.ImageAsync(what.Pick),
        StormKind.ReleaseBadImage => await Releases.BadImageAsync(what.Pick),
        StormKind.ReleaseBuild => await Releases.BuildAsync(what.Pick),
        StormKind.ReleaseCurrent => await Releases.CurrentAsync(),
        StormKind.RollBack => await Releases.RollBackAsync(what.Pick),
        StormKind.Cancel => await Releases.CancelAsync(what.Pick),
        StormKind.Delete => await Releases.DeleteAsync(what.Pick),
        StormKind.Reapply => await Releases.ReapplyAsync(),
        StormKind.SetConcurrency => await Stack.SetConcurrencyAsync(what.Pick),
        StormKind.SetTimeouts => await Stack.SetTimeoutsAsync(what.Pick),
        StormKind.SetSource => await Stack.SetSourceAsync(what.Pick),
        StormKind.SetTemplate => await Stack.SetTemplateAsync(what.Pick),
        StormKind.Suspend => await Stack.SuspendAsync(what.Pick),
        StormKind.DeleteJob => await DeleteOneAsync(Builder.JobsPath(Scene.Namespace), what.Pick),
        StormKind.DeleteBuildPod => await DeleteOneAsync($"{Scene.Namespace.Core("pods")}?labelSelector=slipway.dev/build-of", what.Pick),
        StormKind.DeleteWorkload => await Stack.DeleteWorkloadAsync(),
        StormKind.DeleteStack => await Stack.DeleteAsync(what.Pick),
        StormKind.MakeStack => await MakeStackAsync(),
        StormKind.LetGo => Pods.LetGo() ? "the oldest" : "nothing",
        _ => throw new InvalidOperationException($"{what.Kind} happens to an operator, not to a stack"),
    };

    private async Task<string> MakeStackAsync()
    {
        await Stack.MakeAsync();
        return "";
    }

    /// <summary>With its pods, as people do it.</summary>
    private async Task<string> DeleteOneAsync(string path, int pick)
    {
        var all = await Scene.World.Cluster.Server.ListAsync(path);
        if (all.Count == 0)
        {
            return "none";
        }

        var name = all[pick % all.Count].Text("metadata.name")!;
        await Scene.World.Cluster.Server.DeleteAsync(
            $"{path.Split('?')[0]}/{name}", new System.Text.Json.Nodes.JsonObject { ["propagationPolicy"] = "Background" });
        return name;
    }
}
