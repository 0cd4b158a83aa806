using Slipway.Operator.Tests.Integration;
using Slipway.Testing.Nodes;

namespace Slipway.Operator.Tests.Crashes;

/// <summary>Something that a person does with releases, and how it ends, wherever the operator dies on the way.</summary>
public sealed record Story
{
    public required string Name { get; init; }

    /// <summary>What there is before; its writes are not those of the story.</summary>
    public Func<Scene, Task> Before { get; init; } = _ => Task.CompletedTask;

    /// <summary>What the person does.</summary>
    public required Func<Scene, Task> Act { get; init; }

    /// <summary>What happens by itself once the person has done that. It may wait for what the operator says.</summary>
    public Func<Scene, Task> Meanwhile { get; init; } = _ => Task.CompletedTask;

    /// <summary>What the ledger says in the end: the releases by name, each with its moves as <c>one: pending activating active</c>.</summary>
    public required IReadOnlyList<string> Moves { get; init; }

    /// <summary>Objects of ours that are gone in the end, as <c>deployments/two</c>; a team by its name in the scene.</summary>
    public IReadOnlyList<string> Gone { get; init; } = [];

    /// <summary>The release that runs in the end; null when there is no workload.</summary>
    public required string? Running { get; init; }

    /// <summary>How many different pod templates the workload had in all: each has a ReplicaSet.</summary>
    public required int Templates { get; init; }

    /// <summary>How many Jobs there were in all, from the beginning of the scene: one for each release that is built.</summary>
    public int Builds { get; init; }

    /// <summary>How many Deployments of ours the operator has made in all: one for each change of a stack's source.</summary>
    public int Made { get; init; }

    /// <summary>How pods behave.</summary>
    public Func<FakePod, PodBehaviour> Pods { get; init; } = _ => PodBehaviour.Ready;

    /// <summary>What else must hold in the end.</summary>
    public Func<Scene, Task> Check { get; init; } = _ => Task.CompletedTask;

    public override string ToString() => Name;
}
