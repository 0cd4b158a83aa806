using System.Text;
using Slipway.Crds.V1Alpha1.Deployments;

namespace Slipway.Manifests;

/// <summary>The page that shows the release state machine, drawn from its table.</summary>
public static class StateMachinePage
{
    private const string Before = """
        # The release state machine

        A Deployment (`deployments.slipway.dev`) is one release attempt, and `status.phase` says where it stands. These
        are all the moves there are. The operator and the ledger's database check them independently of each other.

        A release whose source is `git`, `oci` or `archive` is built and pushed; one whose source is `image`, `current` or
        `rollback` goes from `Pending` straight to `Activating`. `Active` ends as `RolledBack` when a rollback takes its place, and
        else as `Superseded`. Every phase before `Active` ends as `Superseded` when a newer release of the stack overtakes it.

        """;

    public static string Render()
    {
        var page = new StringBuilder(Before).Append('\n');
        page.Append("```mermaid\nstateDiagram-v2\n    [*] --> Pending\n");
        foreach (var (from, to) in DeploymentPhases.Moves)
        {
            page.Append($"    {from} --> {to}\n");
        }

        foreach (var phase in Enum.GetValues<DeploymentPhase>().Where(phase => phase.IsTerminal()))
        {
            page.Append($"    {phase} --> [*]\n");
        }

        page.Append("```\n\n| phase | in flight | terminal | what may follow |\n|---|---|---|---|\n");
        foreach (var phase in Enum.GetValues<DeploymentPhase>())
        {
            page.Append($"| `{phase}` | {Word(phase.IsInFlight())} | {Word(phase.IsTerminal())} | {Following(phase)} |\n");
        }

        return page.ToString();
    }

    private static string Word(bool value) => value ? "yes" : "no";

    private static string Following(DeploymentPhase phase)
    {
        var next = DeploymentPhases.Moves.Where(move => move.From == phase).Select(move => $"`{move.To}`").ToList();
        return next.Count == 0 ? "–" : string.Join(", ", next);
    }
}
