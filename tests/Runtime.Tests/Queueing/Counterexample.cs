using System.Globalization;
using Shouldly;

namespace Slipway.Runtime.Tests.Queueing;

/// <summary>The shortest schedule found for which a queue breaks a promise, and the seed it was found with.</summary>
internal sealed record Counterexample(int Seed, IReadOnlyList<QueueStep> Steps, string Broken)
{
    /// <summary>Looks through the seeds; null when the queue keeps its promises in all of them.</summary>
    public static Counterexample? Find(Func<IQueueUnderTest> queue, IEnumerable<int> seeds) => seeds
        .Select(seed => (Seed: seed, Steps: QueueProperty.Schedule(seed)))
        .Where(schedule => Fault(queue, schedule.Steps) is not null)
        .Select(schedule => Shrink(queue, schedule.Seed, schedule.Steps))
        .FirstOrDefault();

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"seed {Seed}, {Steps.Count} steps:\n  {string.Join("\n  ", Steps)}\n{Broken}");

    /// <summary>Leaves out what can be left out: halves, then quarters … then single steps, as long as something still breaks.</summary>
    private static Counterexample Shrink(Func<IQueueUnderTest> queue, int seed, IReadOnlyList<QueueStep> steps)
    {
        for (var length = steps.Count / 2; length > 0;)
        {
            var shorter = Enumerable.Range(0, steps.Count - length + 1)
                .Select(start => (IReadOnlyList<QueueStep>)[.. steps.Take(start), .. steps.Skip(start + length)])
                .FirstOrDefault(candidate => Fault(queue, candidate) is not null);
            (steps, length) = shorter is null ? (steps, length / 2) : (shorter, Math.Min(length, shorter.Count));
        }

        return new Counterexample(seed, steps, Fault(queue, steps)!);
    }

    private static string? Fault(Func<IQueueUnderTest> make, IReadOnlyList<QueueStep> steps)
    {
        using var queue = make();
        try
        {
            QueueProperty.Check(queue, steps);
            return null;
        }
        catch (Exception error) when (error is ShouldAssertException or InvalidOperationException)
        {
            return error.Message;
        }
    }
}
