using Shouldly;
using Slipway.Crds.V1Alpha1.Deployments;
using Xunit;

namespace Slipway.Crds.Tests;

public sealed class DeploymentPhasesTests
{
    /// <summary>The moves once more, written down by hand: the table must not change by accident.</summary>
    private static readonly Dictionary<string, string> Expected = new()
    {
        ["Pending"] = "Building Activating Failed Cancelled Superseded",
        ["Building"] = "Pushing Failed Cancelled Superseded",
        ["Pushing"] = "Activating Failed Cancelled Superseded",
        ["Activating"] = "Active Failed Cancelled Superseded",
        ["Active"] = "Superseded RolledBack",
        ["Superseded"] = "",
        ["RolledBack"] = "",
        ["Failed"] = "",
        ["Cancelled"] = "",
    };

    public static TheoryData<DeploymentPhase, DeploymentPhase> Pairs()
    {
        var pairs = new TheoryData<DeploymentPhase, DeploymentPhase>();
        foreach (var from in Enum.GetValues<DeploymentPhase>())
        {
            foreach (var to in Enum.GetValues<DeploymentPhase>())
            {
                pairs.Add(from, to);
            }
        }

        return pairs;
    }

    public static TheoryData<DeploymentPhase> Phases() => new(Enum.GetValues<DeploymentPhase>());

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_move_is_legal_exactly_when_the_table_has_it(DeploymentPhase from, DeploymentPhase to)
    {
        var legal = Expected[from.ToString()].Split(' ').Contains(to.ToString());

        DeploymentPhases.Transition(from, to).ShouldBe(legal);
        DeploymentPhases.Moves.Contains((from, to)).ShouldBe(legal);
    }

    [Theory]
    [MemberData(nameof(Phases))]
    public void A_phase_is_terminal_when_nothing_follows(DeploymentPhase phase)
    {
        phase.IsTerminal().ShouldBe(Expected[phase.ToString()].Length == 0);
        (phase.IsTerminal() && phase.IsInFlight()).ShouldBeFalse();
    }

    [Fact]
    public void In_flight_is_everything_before_a_release_is_decided() =>
        Enum.GetValues<DeploymentPhase>().Where(phase => phase.IsInFlight()).ShouldBe(
            [DeploymentPhase.Pending, DeploymentPhase.Building, DeploymentPhase.Pushing, DeploymentPhase.Activating]);

    [Theory]
    [MemberData(nameof(Phases))]
    public void From_every_phase_in_flight_a_release_can_be_ended(DeploymentPhase phase)
    {
        foreach (var end in (DeploymentPhase[])[DeploymentPhase.Failed, DeploymentPhase.Cancelled])
        {
            DeploymentPhases.Transition(phase, end).ShouldBe(phase.IsInFlight());
        }
    }

    [Fact]
    public void Every_phase_can_be_reached_and_none_is_reached_twice()
    {
        var reached = new HashSet<DeploymentPhase> { DeploymentPhase.Pending };
        while (DeploymentPhases.Moves.FirstOrDefault(move => reached.Contains(move.From) && !reached.Contains(move.To)) is { From: var from, To: var to }
            && from != to)
        {
            reached.Add(to);
        }

        reached.ShouldBe(Enum.GetValues<DeploymentPhase>(), ignoreOrder: true);
        // The words are in the order of a release's life, so no move leads back.
        DeploymentPhases.Moves.ShouldAllBe(move => move.To > move.From);
    }
}
