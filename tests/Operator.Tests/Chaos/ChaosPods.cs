using System.Collections.Concurrent;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing;
using Slipway.Testing.Nodes;

namespace Slipway.Operator.Tests.Chaos;

/// <summary>How the pods of a namespace behave: as the names of their images and of their builds' Deployments say.</summary>
public sealed class ChaosPods
{
    private static readonly string[] Steps = ["source", "build", "push"];

    private readonly ConcurrentQueue<Gate> _held = new();
    private volatile bool _holdsNothing;
    private int _pushed;

    /// <summary>What is built in that namespace lands in the registry as the image of a push.</summary>
    public required Func<string, int, string> Push { get; init; }

    /// <summary>Names of Deployments say how their builds go: this is the number of ways.</summary>
    public static int BuildKinds => (Steps.Length * 2) + 2;

    /// <summary>The word that makes a build go like that.</summary>
    public static string BuildName(int kind) => (kind % BuildKinds) switch
    {
        < 3 and var step => $"{Steps[step]}-fails",
        < 6 and var step => $"{Steps[step - 3]}-held",
        _ => "well",
    };

    public PodBehaviour Behave(FakePod pod)
    {
        if (Builder.IsBuild(pod))
        {
            return Build(pod, pod.Label("slipway.dev/release")!);
        }

        return pod.Image.Contains("/never", StringComparison.Ordinal) ? PodBehaviour.NeverReady
            : pod.Image.Contains("/slow", StringComparison.Ordinal) ? PodBehaviour.ReadyAfter(Hold())
            : PodBehaviour.Ready;
    }

    /// <summary>What is held longest goes on; false when nothing is held.</summary>
    public bool LetGo()
    {
        if (!_held.TryDequeue(out var gate))
        {
            return false;
        }

        gate.Open();
        return true;
    }

    /// <summary>Everything goes on, and nothing is held any more.</summary>
    public void LetAllGo()
    {
        _holdsNothing = true;
        while (LetGo())
        {
            // The next one.
        }
    }

    private PodBehaviour Build(FakePod pod, string release)
    {
        var digest = Push(pod.Label("slipway.dev/build-of")!, Interlocked.Increment(ref _pushed));
        return PodBehaviour.RunsToEnd([.. Steps.Select(step => Step(step, release, step switch
        {
            "source" => Builder.Commit,
            "push" => digest,
            _ => "",
        }))]);
    }

    private PodStep Step(string step, string release, string message) =>
        release.Contains($"{step}-fails", StringComparison.Ordinal) ? new PodStep(step, 3, "it went wrong")
        : release.Contains($"{step}-held", StringComparison.Ordinal) ? new PodStep(step, 0, message) { Gate = Hold() }
        : new PodStep(step, 0, message);

    private Gate Hold()
    {
        var gate = new Gate();
        _held.Enqueue(gate);
        if (_holdsNothing)
        {
            gate.Open();
        }

        return gate;
    }
}
