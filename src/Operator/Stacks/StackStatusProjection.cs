using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Ledger;
using Slipway.Operator.Deployments;
using Slipway.Operator.Releases;

namespace Slipway.Operator.Stacks;

/// <summary>What a Stack's status says. Pure.</summary>
public static class StackStatusProjection
{
    public static StackStatus From(Stack stack, StackState ledger, StackPlace place, StackProblem? problem, DateTimeOffset now) => new()
    {
        ObservedGeneration = stack.Metadata.Generation,
        Slug = place.Slug ?? stack.Status?.Slug,
        ActiveVersion = ledger.Active?.Version?.ToString(),
        ActiveDeployment = ledger.Active?.Name,
        ActiveImage = ledger.Active?.ImageReference,
        InFlight = [.. ledger.InFlight.Select(OfInFlight)],
        Releases = [.. ledger.Newest.Select(OfRelease)],
        EnvRevision = ledger.Stack.EnvRevision,
        EnvKeys = ledger.Env?.Keys,
        OverriddenKeys = ledger.Env?.Overridden,
        Conditions = Conditions(stack, ledger, place, problem, now),
    };

    /// <summary>The Stack cannot be worked on at all: what was known stays, and a person must act.</summary>
    public static StackStatus Stalled(Stack stack, StackProblem problem, DateTimeOffset now) => (stack.Status ?? new StackStatus()) with
    {
        ObservedGeneration = stack.Metadata.Generation,
        Conditions = Set(stack, now)
            .Set(WellKnown.Conditions.Ready, false, problem.Reason, problem.Message)
            .Set(WellKnown.Conditions.Stalled, true, problem.Reason, problem.Message)
            .Keep(WellKnown.Conditions.SlugAllocated)
            .ToList(),
    };

    /// <summary>The ledger is away: what is known stays, Ready as it was, and Reconciling says what is waited for.</summary>
    public static StackStatus WhileLedgerIsAway(Stack stack, DateTimeOffset now)
    {
        const string Message = "the ledger (PostgreSQL) cannot be reached; what runs is untouched, and releases wait until it is back";
        var ready = stack.Status?.Conditions?.FirstOrDefault(condition => condition.Type == WellKnown.Conditions.Ready);
        return (stack.Status ?? new StackStatus()) with
        {
            ObservedGeneration = stack.Metadata.Generation,
            Conditions = Set(stack, now)
                .Set(
                    WellKnown.Conditions.Ready,
                    ready?.Status ?? ConditionStatus.False,
                    ready?.Reason ?? Reasons.LedgerUnavailable,
                    ready?.Message ?? Message)
                .Set(WellKnown.Conditions.Reconciling, true, Reasons.LedgerUnavailable, Message)
                .Keep(WellKnown.Conditions.SlugAllocated)
                .ToList(),
        };
    }

    private static IReadOnlyList<Condition> Conditions(
        Stack stack, StackState ledger, StackPlace place, StackProblem? problem, DateTimeOffset now)
    {
        var set = Listed(Set(stack, now), place);
        if (problem is not null)
        {
            return set
                .Set(WellKnown.Conditions.Ready, false, problem.Reason, problem.Message)
                .Set(WellKnown.Conditions.Stalled, true, problem.Reason, problem.Message)
                .ToList();
        }

        if (place.Waits is { } waits)
        {
            return set
                .Set(WellKnown.Conditions.Ready, false, waits.Reason, waits.Message)
                .Set(WellKnown.Conditions.Reconciling, true, waits.Reason, waits.Message)
                .ToList();
        }

        if (ledger is { Source: { Made: true }, SourceRelease: { Phase: ReleasePhase.Failed } failed } && ledger.InFlight.Count == 0)
        {
            // Only what the stack itself asks for: a failed Deployment of somebody else says nothing about the stack.
            var message = Text.Cut($"{failed.Name}, the release of spec.source, failed: {failed.Reason}: {failed.Message}");
            return set
                .Set(WellKnown.Conditions.Ready, false, Reasons.ReleaseFailed, message)
                .Set(WellKnown.Conditions.Stalled, true, Reasons.ReleaseFailed, message)
                .ToList();
        }

        var newest = ledger.InFlight.Count == 0 ? null : ledger.InFlight[^1];
        var moving = newest is null ? "" : $"{newest.Name} (version {newest.Version}) is {newest.Phase}";
        if (newest is not null)
        {
            set.Set(WellKnown.Conditions.Reconciling, true, newest.Phase.ToString(), moving);
        }
        else if (ledger is { Source.Deployment: { } asked, SourceRelease: null })
        {
            set.Set(WellKnown.Conditions.Reconciling, true, Reasons.WaitingForTurn, $"{asked}, the release of spec.source, is not admitted yet");
        }

        return Ready(set, ledger.Active, newest, moving).ToList();
    }

    /// <summary>
    /// A stack that never had a release is as it was asked to be: whoever waits for a repository of stacks must not wait for ever.
    /// </summary>
    private static ConditionSet Ready(ConditionSet set, ReleaseRow? active, ReleaseRow? newest, string moving) => (active, newest) switch
    {
        ({ } one, _) => set.Set(WellKnown.Conditions.Ready, true, nameof(ReleasePhase.Active), $"{one.Name} (version {one.Version}) is active"),
        (null, { } first) => set.Set(WellKnown.Conditions.Ready, false, first.Phase.ToString(), moving),
        _ => set.Set(
            WellKnown.Conditions.Ready,
            true,
            Reasons.NoRelease,
            "no release is active; apply a Deployment (deployments.slipway.dev) for this stack"),
    };

    private static ConditionSet Listed(ConditionSet set, StackPlace place) =>
        place.Condition is { } slug ? slug.In(set) : set.Keep(WellKnown.Conditions.SlugAllocated);

    private static ConditionSet Set(Stack stack, DateTimeOffset now) =>
        new(stack.Status?.Conditions, StackConditions.All, stack.Metadata.Generation ?? 0, now);

    private static InFlightRelease OfInFlight(ReleaseRow release) => new()
    {
        Deployment = release.Name,
        Version = release.Version?.ToString(),
        Phase = release.Phase.ToPhase(),
        Since = release.StartedAt,
        RequestedBy = release.RequestedBy,
        Deadline = release.DeadlineAt,
    };

    private static ReleaseSummary OfRelease(ReleaseRow release) => new()
    {
        Version = release.Version?.ToString(),
        Deployment = release.Name,
        Phase = release.Phase.ToPhase(),
        Image = release.ImageReference,
        FinishedAt = release.FinishedAt,
    };
}
