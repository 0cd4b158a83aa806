using System.Globalization;
using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Kubernetes.Resources;
using Slipway.Ledger;

namespace Slipway.Operator.Stacks;

public enum WorkloadStep
{
    /// <summary>There is none, and none is wanted.</summary>
    Nothing,
    Create,
    Apply,
    Delete,

    /// <summary>Somebody else's workload has the name.</summary>
    Conflict,

    /// <summary>A former object of the stack controls it, as after a restore: the garbage collector is about to remove it.</summary>
    BeingCollected,

    /// <summary>The workload was written from a later state of the ledger than the ledger has.</summary>
    LedgerBehind,

    /// <summary>The workload was written from a later generation of the Stack than this cache has.</summary>
    CacheBehind,

    /// <summary>The ledger is ending the stack: what becomes of the workload is the teardown's business, which this cache has not seen yet.</summary>
    BeingTornDown,
}

/// <summary>What is to be done about the workload, given what is there and what the ledger says. Pure.</summary>
public static class WorkloadPlan
{
    public static WorkloadStep From(Stack stack, StackState ledger, V1Deployment? live)
    {
        if (ledger.Stack.Lifecycle != StackLifecycle.Live)
        {
            return WorkloadStep.BeingTornDown;
        }

        if (live is null)
        {
            return ledger.Desired is null ? WorkloadStep.Nothing : WorkloadStep.Create;
        }

        if (!IsOurs(stack, live))
        {
            var obstacle = IsOfFormer(stack, live) ? WorkloadStep.BeingCollected : WorkloadStep.Conflict;
            return ledger.Desired is null ? WorkloadStep.Nothing : obstacle;
        }

        // An orphan's stamps are those of a former stack and say nothing about this one.
        var former = IsOrphan(stack, live);
        if (!former && Stamp(live, WellKnown.Annotations.Sequence) > ledger.Stack.Sequence)
        {
            return WorkloadStep.LedgerBehind;
        }

        if (!former && Stamp(live, WellKnown.Annotations.StackGeneration) > stack.Metadata.Generation)
        {
            return WorkloadStep.CacheBehind;
        }

        if (ledger.Desired is not null)
        {
            return WorkloadStep.Apply;
        }

        // An orphan keeps running until the first release of the new stack takes it over.
        return former ? WorkloadStep.Nothing : WorkloadStep.Delete;
    }

    /// <summary>Controlled by this very stack, or left behind by a former stack of the same name.</summary>
    public static bool IsOurs(Stack stack, IResource live) =>
        live.Metadata.Controller() is { } controller ? controller.Uid == stack.Metadata.Uid : IsOrphan(stack, live);

    /// <summary>Controlled by another object of the stack's name, which is gone, since this one has the name.</summary>
    public static bool IsOfFormer(Stack stack, IResource live) =>
        live.Metadata.Controller() is { } controller
        && controller.ApiVersion == Stack.Type.ApiVersion
        && controller.Kind == Stack.Type.Kind
        && controller.Name == stack.Metadata.Name
        && controller.Uid != stack.Metadata.Uid;

    /// <summary>Left behind by a former stack of the name, and nobody's since.</summary>
    public static bool IsOrphan(Stack stack, IResource live) =>
        live.Metadata.Controller() is null
        && live.Metadata.Annotation(WellKnown.Annotations.OrphanedFrom) == stack.Metadata.Name;

    private static long Stamp(V1Deployment live, string annotation) =>
        long.TryParse(live.Metadata.Annotation(annotation), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
}
