namespace Slipway.Operator.Tests.Chaos;

/// <summary>Sequences of events that a seed brings about: the same ones each time.</summary>
internal static class StormPlan
{
    /// <summary>How often each happens, compared with the others.</summary>
    private static readonly (StormKind Kind, int Weight)[] Weights =
    [
        (StormKind.ReleaseImage, 20), (StormKind.ReleaseBadImage, 5), (StormKind.ReleaseBuild, 14), (StormKind.ReleaseCurrent, 4),
        (StormKind.RollBack, 8), (StormKind.Cancel, 9), (StormKind.Delete, 7), (StormKind.Reapply, 5), (StormKind.SetConcurrency, 8),
        (StormKind.SetTimeouts, 5), (StormKind.SetSource, 6), (StormKind.SetTemplate, 4), (StormKind.Suspend, 4), (StormKind.DeleteJob, 3),
        (StormKind.DeleteBuildPod, 3), (StormKind.DeleteWorkload, 3), (StormKind.DeleteStack, 3), (StormKind.MakeStack, 5),
        (StormKind.LetGo, 14), (StormKind.Kill, 3), (StormKind.Start, 5), (StormKind.Pause, 3), (StormKind.Resume, 5),
        (StormKind.HoldWatches, 5), (StormKind.ReleaseWatches, 5), (StormKind.CutApi, 2), (StormKind.CutDatabase, 2),
        (StormKind.HoldWrite, 10), (StormKind.ReleaseWrites, 8), (StormKind.Breathe, 45),
    ];

    public static IReadOnlyList<StormEvent> Of(int seed, int events)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, events).Select(_ => new StormEvent(PickKind(random), random.Next(1 << 16), random.Next(1 << 16)))];
    }

    private static StormKind PickKind(Random random)
    {
        var left = random.Next(Weights.Sum(entry => entry.Weight));
        return Weights.First(entry => (left -= entry.Weight) < 0).Kind;
    }
}
