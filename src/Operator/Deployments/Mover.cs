using Slipway.Crds;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Ledger;
using Slipway.Operator.Builds;
using Slipway.Operator.Registry;
using Slipway.Operator.Releases;
using Slipway.Runtime;

namespace Slipway.Operator.Deployments;

/// <summary>What a pass ends with: what is known now, what the status is to say, and when to look again.</summary>
public sealed record MoveResult(Observed Observed, Plan Plan, Next Next);

/// <summary>Does what a plan says: at most one move in the ledger.</summary>
public sealed class Mover(
    ReleaseLedger ledger,
    StackRegistrar registrar,
    StackBaselines baselines,
    Observer observer,
    ImageResolver resolver,
    BuildMover builds,
    BuildOptions buildOptions,
    FailureLog failureLog,
    Wakeups wakeups,
    TimeProvider time)
{
    private static readonly TimeSpan RetryRegistry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CacheLag = TimeSpan.FromSeconds(1);

    /// <summary>Of the 4 KiB of a status; the rest says what is put back.</summary>
    private const int RoomForCause = 3500;
    private static readonly TimeSpan LookAfterHolder = TimeSpan.FromSeconds(30);

    public async Task<MoveResult> MoveAsync(Observed observed, Plan plan, CancellationToken cancellationToken) => plan.Step switch
    {
        Step.Admit => await AdmitAsync(observed, cancellationToken),
        Step.Refuse => await RefuseAsync(observed, plan, ReleasePhase.Failed, cancellationToken),
        Step.RefuseCancelled => await RefuseAsync(observed, plan, ReleasePhase.Cancelled, cancellationToken),
        Step.Resolve => await ResolveAsync(observed, cancellationToken),
        Step.TakeSlot => await TakeSlotAsync(observed, Resolved(observed.Release!), cancellationToken),
        Step.StartBuild => await StartBuildAsync(observed, cancellationToken),
        Step.BeginBuild => Moved(observed, await builds.BeginBuildAsync(observed, cancellationToken)),
        Step.BeginPush => Moved(observed, await builds.BeginPushAsync(observed, cancellationToken)),
        Step.Deliver => await TakeSlotAsync(observed, await builds.DeliverAsync(observed, cancellationToken), cancellationToken),
        Step.RemoveJob => await RemoveJobAsync(observed, cancellationToken),
        Step.Activate => await ActivateAsync(observed, plan, cancellationToken),
        Step.Fail => await GiveUpAsync(observed, cancellationToken),
        Step.Cancel => Moved(
            observed, await ledger.CancelAsync(observed.Release!.Uid, plan.Reason, plan.Message, cancellationToken)),
        Step.CancelWithStack => await CancelWithStackAsync(observed, plan, cancellationToken),
        Step.Wait or Step.Stall or Step.Settle or Step.AddFinalizer or Step.RemoveFinalizer =>
            new MoveResult(observed, plan, plan.After is { } delay ? Next.After(delay) : Next.Settled),
    };

    private async Task<MoveResult> AdmitAsync(Observed observed, CancellationToken cancellationToken)
    {
        var stack = observed.Stack!;
        await registrar.RegisterAsync(stack, cancellationToken);
        var deployment = observed.Deployment;
        var source = deployment.Spec.Source;
        var baseline = await baselines.FollowAsync(stack, cancellationToken);
        if (baseline.Problem is { } problem && (source.Rollback is null || problem.Reason == Reasons.LedgerBehind))
        {
            return await HoldAsync(observed, problem.Reason, $"Stack {stack.Metadata.Name} cannot take releases: {problem.Message}", cancellationToken);
        }

        var request = new AdmissionRequest
        {
            Uid = Observer.Uid(deployment),
            Namespace = deployment.Metadata.Namespace!,
            Name = deployment.Metadata.Name!,
            StackUid = Observer.Uid(stack),
            SpecHash = observed.SpecHash,
            RerunToken = Observer.RerunToken(deployment),
            AskedAt = deployment.Metadata.CreationTimestamp ?? time.GetUtcNow(),
            Source = source.Kind(),
            Image = source.Image,
            Build = source.IsBuilt() ? new BuildSnapshot(source, stack.Spec.Build).ToJson() : null,
            RollbackTo = source.RollbackTo(),
            Template = ReleaseTemplate.Of(stack.Spec).ToJson(),
            RequestedBy = deployment.Spec.RequestedBy,
            ResolveDeadline = source.Image is null ? null : Deadlines.Progress(stack.Spec),
            Seen = observer.HighestSeen(stack),
            EnvRevision = source.Current?.EnvRevision,
            SeenEnvRevision = baselines.HighestSeen(stack),
        };
        var outcome = await ledger.AdmitAsync(request, version => source.Image ?? DestinationOf(stack, version), cancellationToken);
        return outcome.Kind switch
        {
            AdmissionKind.Admitted or AdmissionKind.AlreadyKnown or AdmissionKind.Refused => Moved(observed, outcome.Release!),
            AdmissionKind.Waiting => await HoldAsync(
                observed, Reasons.DeploymentInProgress, $"waiting: {outcome.Holder!.InTheWay}", cancellationToken),
            AdmissionKind.LedgerBehind => Behind(observed, request.Seen),
            AdmissionKind.StackDeleting => await RefuseAsync(
                observed,
                new Plan(Step.RefuseCancelled, Reasons.StackDeleting, $"Stack {stack.Metadata.Name} is being deleted"),
                ReleasePhase.Cancelled,
                cancellationToken),
            AdmissionKind.StackUnknown => throw new InvalidOperationException(
                $"Stack {stack.Metadata.Name} was registered and is unknown to the ledger; another operator must have removed it"),
        };
    }

    private string DestinationOf(Stack stack, ReleaseVersion version) =>
        BuildRequest.DestinationOf(stack.Metadata.Namespace!, stack.Metadata.Name!, stack.Spec.Build, buildOptions, version)
        ?? throw new InvalidOperationException($"there is no repository for the images of stack {stack.Metadata.Name}");

    private async Task<MoveResult> HoldAsync(Observed observed, string reason, string message, CancellationToken cancellationToken)
    {
        // Woken when the holder's object or the stack moves; the timer is for what nobody tells: a holder whose object is gone, a key.
        var plan = Plan.InQueue(observed, reason, message, time.GetUtcNow(), LookAfterHolder);
        return await MoveAsync(observed, plan, cancellationToken);
    }

    /// <summary>Looked at again now and then: that the ledger has been repaired is told by nobody.</summary>
    private static MoveResult Behind(Observed observed, ReleaseVersion? seen) =>
        new(observed, new Plan(Step.Stall, Reasons.LedgerBehind, SeenVersions.Behind(seen)), Next.After(LookAfterHolder));

    private async Task<MoveResult> RefuseAsync(Observed observed, Plan plan, ReleasePhase phase, CancellationToken cancellationToken)
    {
        var deployment = observed.Deployment;
        var row = await ledger.RefuseAsync(
            new Refusal
            {
                Uid = Observer.Uid(deployment),
                Namespace = deployment.Metadata.Namespace!,
                Name = deployment.Metadata.Name!,
                StackUid = await KnownStackAsync(observed, cancellationToken),
                StackName = deployment.Spec.Stack,
                SpecHash = observed.SpecHash,
                RerunToken = Observer.RerunToken(deployment),
                Phase = phase,
                Reason = plan.Reason,
                Message = plan.Message,
                RequestedBy = deployment.Spec.RequestedBy,
                Source = deployment.Spec.Source.Kind(),
                RollbackTo = deployment.Spec.Source.RollbackTo(),
                AskedAt = deployment.Metadata.CreationTimestamp,
            },
            cancellationToken);
        return Moved(observed, row);
    }

    /// <summary>The stack to bind a refusal to: registered first, unless it is already going away.</summary>
    private async Task<Guid?> KnownStackAsync(Observed observed, CancellationToken cancellationToken)
    {
        if (observed.Stack is not { Metadata.DeletionTimestamp: null } stack || StackCheck.Of(stack) is not null)
        {
            return null;
        }

        var row = await registrar.RegisterAsync(stack, cancellationToken);
        return row.Uid;
    }

    /// <summary>A cache that lags may not know the stack yet: only the API server can say that it is gone.</summary>
    private async Task<MoveResult> CancelWithStackAsync(Observed observed, Plan plan, CancellationToken cancellationToken)
    {
        var release = observed.Release!;
        return await observer.StackExistsAsync(release, cancellationToken)
            ? new MoveResult(observed, new Plan(Step.Wait, Reasons.StackNotFound, $"waiting until Stack {release.StackName} is seen"), Next.After(CacheLag))
            : Moved(observed, await ledger.CancelAsync(release.Uid, plan.Reason, plan.Message, cancellationToken));
    }

    private async Task<MoveResult> ResolveAsync(Observed observed, CancellationToken cancellationToken)
    {
        var release = observed.Release!;
        try
        {
            var image = await resolver.ResolveAsync(release, cancellationToken);
            return await TakeSlotAsync(observed, image, cancellationToken);
        }
        catch (ImageNotFoundException error)
        {
            return await FailAsync(observed, Reasons.ImageUnavailable, error.Message, null, cancellationToken);
        }
        catch (RegistryUnavailableException error)
        {
            return observed.GiveUpAt <= time.GetUtcNow()
                ? await FailAsync(observed, Reasons.ImageUnavailable, error.Message, null, cancellationToken)
                : new MoveResult(observed, new Plan(Step.Wait, Reasons.ResolvingImage, error.Message), Next.After(RetryRegistry));
        }
    }

    private async Task<MoveResult> TakeSlotAsync(Observed observed, ResolvedImage image, CancellationToken cancellationToken)
    {
        var outcome = await ledger.TakeSlotAsync(observed.Release!.Uid, image, cancellationToken);
        return outcome.Kind == SlotKind.Waiting
            ? new MoveResult(
                observed with { Release = outcome.Release },
                new Plan(Step.Wait, Reasons.WaitingForSlot, $"waiting until {outcome.Holder?.Name} (version {outcome.Holder?.Version}) is decided"),
                Next.After(TimeSpan.FromSeconds(30)))
            : Moved(observed, outcome.Release);
    }

    private static ResolvedImage Resolved(ReleaseRow release) =>
        new(release.ImageReference!, release.Digest, release.Digests, release.Pinned);

    private async Task<MoveResult> ActivateAsync(Observed observed, Plan plan, CancellationToken cancellationToken)
    {
        var release = observed.Release!;
        var digest = observed.Rollout!.Digest;
        var reference = release.Pinned || digest is null ? release.ImageReference! : ImageReference.Parse(release.ImageReference!)?.Pin(digest) ?? release.ImageReference!;
        return Moved(
            observed,
            await ledger.ActivateAsync(release.Uid, reference, digest, plan.Reason, plan.Message, cancellationToken));
    }

    /// <summary>The deadline is over by what the caches say; the API server has the last word.</summary>
    private async Task<MoveResult> GiveUpAsync(Observed observed, CancellationToken cancellationToken)
    {
        var fresh = await observer.LookAgainAsync(observed, cancellationToken);
        var plan = Plan.From(fresh, time.GetUtcNow());
        if (plan.Step != Step.Fail)
        {
            return await MoveAsync(fresh, plan, cancellationToken);
        }

        var (message, tail) = fresh.Build is null
            ? (plan.Message, await failureLog.TailAsync(fresh.Release!, cancellationToken))
            : await builds.ExplainAsync(fresh, plan, cancellationToken);
        return await FailAsync(fresh, plan.Reason, message, tail, cancellationToken);
    }

    private async Task<MoveResult> StartBuildAsync(Observed observed, CancellationToken cancellationToken)
    {
        var (release, refusal) = await builds.StartAsync(observed, cancellationToken);
        var after = observed with { Release = release };
        return refusal switch
        {
            null => new MoveResult(after, new Plan(Step.Wait, Reasons.WaitingForBuild, "the build's Job is made"), Next.After(CacheLag)),
            { Step: Step.Fail } => await FailAsync(after, refusal.Reason, refusal.Message, null, cancellationToken),
            _ => new MoveResult(after, refusal, Next.After(refusal.After!.Value)),
        };
    }

    /// <summary>The release is decided; what it says of itself stays as it is.</summary>
    private async Task<MoveResult> RemoveJobAsync(Observed observed, CancellationToken cancellationToken)
    {
        await builds.RemoveAsync(observed, cancellationToken);
        return new MoveResult(observed, new Plan(Step.Settle), observed.Deleting ? Next.After(TimeSpan.Zero) : Next.Settled);
    }

    private async Task<MoveResult> FailAsync(Observed observed, string reason, string message, string? logTail, CancellationToken cancellationToken)
    {
        var release = observed.Release!;
        return Moved(observed, await ledger.FailAsync(release.Uid, release.Phase, reason, Text.Cut(message, RoomForCause), logTail, cancellationToken));
    }

    private MoveResult Moved(Observed observed, MoveOutcome outcome) => Moved(observed, outcome.Row);

    /// <summary>A move was made, by us or by somebody else: say so, have the stack look, and go on at once.</summary>
    private MoveResult Moved(Observed observed, ReleaseRow release)
    {
        wakeups.Stack(release.Namespace, release.StackName);
        var rollout = release.Phase == ReleasePhase.Activating
            ? new Rollout(RolloutKind.NotApplied, Reasons.Progressing, "the workload is about to be written")
            : null;
        var after = observed with { Release = release, Rollout = rollout };
        var settled = !release.Phase.IsInFlight() && !observed.Deleting && !observed.HasJobToRemove;
        var said = rollout is null ? new Plan(Step.Settle) : new Plan(Step.Wait, rollout.Reason, rollout.Message);
        return new MoveResult(after, said, settled ? Next.Settled : Next.After(TimeSpan.Zero));
    }
}
