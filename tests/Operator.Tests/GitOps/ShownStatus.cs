using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Ledger;
using Slipway.Operator.Deployments;
using Slipway.Operator.EnvPatches;
using Slipway.Operator.Releases;
using Slipway.Operator.Stacks;
using Slipway.Operator.Teams;
using Slipway.Operator.Tests.EnvPatches;
using Slipway.Operator.Tests.Teams;

namespace Slipway.Operator.Tests.GitOps;

/// <summary>Objects as the operator's projections leave them: every kind in every state that it can show.</summary>
internal sealed record ShownStatus(string Name, Standing Standing, JsonObject Object)
{
    private const string Said = "said for people: \"so\"\n\\ 100 % ü";

    public static IReadOnlyList<ShownStatus> All { get; } = [.. Deployments(), .. Stacks(), .. EnvPatches(), .. Teams()];

    /// <summary>A Deployment as it shows that row of the ledger.</summary>
    public static JsonObject OfRelease(ReleaseRow release)
    {
        var observed = Samples.Observed(release: release);
        var plan = release.Phase.IsInFlight() ? new Plan(Step.Settle) : Plan.From(observed, Samples.Now);
        return Of("", Standing.Done, observed, plan).Object;
    }

    private static IEnumerable<ShownStatus> Deployments()
    {
        foreach (var phase in Enum.GetValues<ReleasePhase>())
        {
            yield return new ShownStatus($"Deployment {phase}", StandingOf(phase.ToPhase()), OfRelease(Samples.Release(phase, ReleasePhase.Pending)));
        }

        foreach (var reason in Words(typeof(Reasons)))
        {
            yield return Of($"Deployment waits {reason}", reason == Reasons.Suspended ? Standing.Paused : Standing.UnderWay, Samples.Observed(), new Plan(Step.Wait, reason, Said));
            yield return Of($"Deployment stalls {reason}", Standing.Stuck, Samples.Observed(), new Plan(Step.Stall, reason, Said));
        }

        var edited = Samples.Observed(Samples.Deployment(image: "registry.example/shop:2"), Samples.Release(ReleasePhase.Active));
        yield return Of("Deployment edited", Standing.Stuck, edited, Plan.From(edited, Samples.Now));
        var moving = Samples.Observed(Samples.Deployment(image: "registry.example/shop:2"), Samples.Release(ReleasePhase.Pending));
        yield return Of("Deployment edited in flight", Standing.UnderWay, moving, new Plan(Step.Settle));
        var known = new DeploymentStatus { Phase = DeploymentPhase.Active, Version = "20261122.4" };
        var behind = Samples.Observed(Samples.Deployment() with { Status = known });
        yield return Of("Deployment ahead of the ledger", Standing.Stuck, behind, Plan.From(behind, Samples.Now));
        var one = Samples.Deployment();
        yield return Of("Deployment without a ledger", Standing.UnderWay, one with { Status = StatusProjection.WhileLedgerIsAway(one, Samples.Now) });
    }

    /// <summary>A phase that nobody has thought of here does not compile.</summary>
    private static Standing StandingOf(DeploymentPhase phase) => phase switch
    {
        DeploymentPhase.Pending or DeploymentPhase.Building or DeploymentPhase.Pushing or DeploymentPhase.Activating => Standing.UnderWay,
        DeploymentPhase.Active or DeploymentPhase.Superseded or DeploymentPhase.RolledBack => Standing.Done,
        DeploymentPhase.Failed or DeploymentPhase.Cancelled => Standing.Stuck,
    };

    private static IEnumerable<ShownStatus> Stacks()
    {
        var active = Samples.Release(ReleasePhase.Active, ReleasePhase.Activating);
        yield return Of("Stack without a release", Standing.Done, Samples.Stack(), State());
        yield return Of("Stack active", Standing.Done, Samples.Stack(), State(active));
        foreach (var phase in Enum.GetValues<ReleasePhase>().Where(phase => phase.IsInFlight()))
        {
            yield return Of($"Stack {phase}", Standing.UnderWay, Samples.Stack(), State(null, Samples.Release(phase)));
            yield return Of($"Stack active, {phase}", Standing.UnderWay, Samples.Stack(), State(active, Samples.Release(phase)));
        }

        var suspended = Samples.Stack() with { Spec = Samples.Stack().Spec with { Suspend = true } };
        yield return Of("Stack suspended", Standing.Paused, suspended, State(active));
        yield return Of("Stack suspended, a release ends", Standing.UnderWay, suspended, State(active, Samples.Release(ReleasePhase.Activating)));
        foreach (var reason in Words(typeof(Reasons)))
        {
            var problem = new StackProblem(reason, Said);
            yield return Of($"Stack stalls {reason}", Standing.Stuck, Samples.Stack(), State(active), problem);
            yield return Of($"Stack waits {reason}", reason == Reasons.Suspended ? Standing.Paused : Standing.UnderWay, Samples.Stack(), State(active), waits: problem);
            yield return Of($"Stack stalls {reason} at once", Standing.Stuck, Samples.Stack() with { Status = StackStatusProjection.Stalled(Samples.Stack(), problem, Samples.Now) });
        }

        yield return Of("Stack without a ledger", Standing.UnderWay, Samples.Stack() with { Status = StackStatusProjection.WhileLedgerIsAway(Samples.Stack(), Samples.Now) });
    }

    private static IEnumerable<ShownStatus> EnvPatches()
    {
        var patch = PatchSamples.Patch();
        ShownStatus With(string what, Standing standing, EnvPatchStatus status) => Of($"EnvPatch {what}", standing, patch with { Status = status });
        yield return With("applied", Standing.Done, EnvPatchStatusProjection.Decided(patch, PatchSamples.Row(), "shop-log-env-7", Samples.Now));
        foreach (var reason in Words(typeof(Reasons)))
        {
            yield return With($"waits {reason}", reason == Reasons.Suspended ? Standing.Paused : Standing.UnderWay, EnvPatchStatusProjection.Waiting(patch, reason, Said, null, Samples.Now));
            yield return With($"rejected {reason}", Standing.Stuck, EnvPatchStatusProjection.Rejected(patch, reason, Said, Samples.Now));
        }

        var decided = patch with { Status = EnvPatchStatusProjection.Decided(patch, PatchSamples.Row(), null, Samples.Now) };
        var edited = decided with { Metadata = patch.Metadata with { Generation = 2 }, Spec = PatchSamples.Set(("B", "2")) };
        yield return Of("EnvPatch edited", Standing.Stuck, edited with { Status = EnvPatchStatusProjection.Settled(edited, Samples.Now) });
    }

    private static IEnumerable<ShownStatus> Teams()
    {
        var team = TeamSamples.Team();
        yield return Of("Team ready", Standing.Done, team with { Status = TeamStatusProjection.Of(team, TeamSamples.Row(), Samples.Now) });
        yield return Of("Team without a slug", Standing.Stuck, team with { Status = TeamStatusProjection.Exhausted(team, Samples.Now) });
        yield return Of("Team without a ledger", Standing.UnderWay, team with { Status = TeamStatusProjection.WhileLedgerIsAway(team, Samples.Now) });
        foreach (var reason in Words(typeof(Reasons)))
        {
            yield return Of($"Team stalls {reason}", Standing.Stuck, team with { Status = TeamStatusProjection.Stalled(team, new TeamProblem(reason, Said), Samples.Now) });
        }
    }

    /// <summary>Every word of the class: a new one is shown by itself.</summary>
    private static IEnumerable<string> Words(Type type) => type.GetFields().Select(field => (string)field.GetRawConstantValue()!);

    private static StackState State(ReleaseRow? active = null, ReleaseRow? moving = null)
    {
        var row = new StackRow(1, Samples.StackUid, "prod", "shop", StackLifecycle.Live, ConcurrencyPolicy.Queue, 3, 12);
        return new StackState(row, active, active, moving is null ? [] : [moving], active is null ? [] : [active]);
    }

    private static ShownStatus Of(string name, Standing standing, Observed observed, Plan plan) =>
        Of(name, standing, observed.Deployment with { Status = StatusProjection.From(observed, plan, Samples.Now) });

    private static ShownStatus Of(string name, Standing standing, Stack stack, StackState state, StackProblem? problem = null, StackProblem? waits = null) =>
        Of(name, standing, stack with { Status = StackStatusProjection.From(stack, state, new StackPlace("shop", null, waits, null), problem, Samples.Now) });

    private static ShownStatus Of<T>(string name, Standing standing, T item)
        where T : class, IResource<T> => new(name, standing, JsonSerializer.SerializeToNode(item, T.Json)!.AsObject());
}
