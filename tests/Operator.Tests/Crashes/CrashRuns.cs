using Shouldly;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing;

namespace Slipway.Operator.Tests.Crashes;

/// <summary>Tells one story again and again, each time in a namespace of its own, until it was interrupted after every write that it has.</summary>
internal sealed class CrashRuns(CrashWorld world, Story story)
{
    private const int ScenesAtOnce = 8;

    /// <summary>More than any story has. A write that is called otherwise in each run would be a new point for ever.</summary>
    private const int MostPoints = 80;

    private readonly Queue<Scene> _prepared = new();
    private readonly List<(Scene Scene, IReadOnlyList<string> Traces)> _over = [];

    /// <returns>Where the operator was ended, in the order of the runs.</returns>
    public async Task<IReadOnlyList<CrashPoint>> RunAllAsync()
    {
        world.Writes.NewStory();
        var met = new List<CrashPoint>();
        while (await RunAsync() is { } point)
        {
            met.Add(point);
            met.Count.ShouldBeLessThanOrEqualTo(MostPoints, $"{story}: {string.Join(", ", met)}");
        }

        await NothingWasWrittenAfterwardsAsync();
        await CleanUpAsync();
        return met;
    }

    /// <returns>Where the operator was ended; null when there was no write left that no run before was ended at.</returns>
    private async Task<CrashPoint?> RunAsync()
    {
        var scene = await NextSceneAsync();
        world.Writes.Begin(scene.Namespace.Name);
        await story.Act(scene);
        var meanwhile = story.Meanwhile(scene);
        var end = SeeEndAsync(scene);
        await Task.WhenAny(end, world.Writes.Killed);
        var before = await RestartAsync(scene);
        await Task.WhenAll(meanwhile, end);
        if (before is null && world.Writes.Kills)
        {
            // The last write: everything was as it should be already when the operator died of it.
            before = await RestartAsync(scene);
            await SeeEndAsync(scene);
        }

        await CheckAsync(scene, before);
        world.Writes.End();
        return before is null ? null : await world.Writes.Killed;
    }

    /// <returns>The releases when the operator was dead; null if it is not.</returns>
    private async Task<IReadOnlyList<StoredRelease>?> RestartAsync(Scene scene)
    {
        if (!world.Writes.Kills)
        {
            return null;
        }

        await world.Writes.Killed;
        world.Operator.IsRunning.ShouldBeFalse();
        var releases = await world.Ledger.ReleasesAsync(scene.Namespace.Name);
        world.Writes.Revive();
        await world.Operator.StartAsync();
        return releases;
    }

    private Task SeeEndAsync(Scene scene) => Eventually.See(
        $"{story}: the end", () => StoryEnd.DifferencesAsync(story, scene), differences => differences.Count == 0,
        () => $"The operator was ended after {(world.Writes.Killed.IsCompleted ? $"{world.Writes.Killed.Result}" : "nothing")}.\n{world.Operator.Log}");

    private async Task CheckAsync(Scene scene, IReadOnlyList<StoredRelease>? before)
    {
        await story.Check(scene);
        (await world.Ledger.ViolationsAsync()).ShouldBeEmpty();
        var releases = await world.Ledger.ReleasesAsync(scene.Namespace.Name);
        foreach (var release in before ?? [])
        {
            releases.Single(one => one.Name == release.Name).Version.ShouldBe(release.Version);
        }

        await world.CountsAgreeAsync(scene.Namespace.Name);
        await NothingWasMadeTwiceAsync(scene);
        _over.Add((scene, await StoryEnd.TracesAsync(scene)));
    }

    /// <summary>By all that the operator has ever created there, and not by what is left of it.</summary>
    private async Task NothingWasMadeTwiceAsync(Scene scene)
    {
        var made = (await world.AuditedWritesAsync(scene.Namespace.Name)).Where(write => write.Verb == "create").ToList();
        made.Select(write => $"{write.Kind} {write.Name}").ShouldBeUnique();
        made.Count(write => write.Kind == "batch jobs").ShouldBe(story.Builds);
        made.Count(write => write.Kind == "slipway.dev deployments").ShouldBe(story.Made);
    }

    /// <summary>Scenes are prepared side by side: what is before a story takes most of its time.</summary>
    private async Task<Scene> NextSceneAsync()
    {
        if (_prepared.Count == 0)
        {
            foreach (var scene in await Task.WhenAll(Enumerable.Range(0, ScenesAtOnce).Select(_ => PrepareAsync())))
            {
                _prepared.Enqueue(scene);
            }
        }

        return _prepared.Dequeue();
    }

    private async Task<Scene> PrepareAsync()
    {
        var scene = await world.NewSceneAsync(story.Pods);
        await story.Before(scene);
        await Eventually.See(
            "objects and ledger agree", () => StoryEnd.DisagreementsAsync(story with { Gone = [] }, scene), differences => differences.Count == 0,
            () => world.Operator.Log);
        return scene;
    }

    /// <summary>The operator was started again and again since each of these had come to its end.</summary>
    private async Task NothingWasWrittenAfterwardsAsync()
    {
        foreach (var (scene, traces) in _over)
        {
            (await StoryEnd.TracesAsync(scene)).ShouldBe(traces, scene.Namespace.Name);
        }
    }

    /// <summary>Everything lets itself be deleted: no finalizer is left without somebody who removes it.</summary>
    private async Task CleanUpAsync()
    {
        var scenes = _over.Select(over => over.Scene).Concat(_prepared).ToArray();
        foreach (var plural in (string[])["envpatches", "deployments", "stacks"])
        {
            await Task.WhenAll(scenes.Select(scene => DeleteAsync(scene, plural)));
        }

        await Task.WhenAll(scenes.Select(scene => scene.DisposeAsync().AsTask()));
    }

    private async Task DeleteAsync(Scene scene, string plural)
    {
        await world.Cluster.Server.DeleteAsync(scene.Namespace.Slipways(plural));
        await Eventually.See(
            $"no {plural} in {scene.Namespace.Name}", () => world.Cluster.Server.ListAsync(scene.Namespace.Slipways(plural)), items => items.Count == 0,
            () => world.Operator.Log);
    }
}
