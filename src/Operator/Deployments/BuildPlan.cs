using Slipway.Crds;
using Slipway.Ledger;
using Slipway.Operator.Builds;

namespace Slipway.Operator.Deployments;

/// <summary>What one pass does about a release that is built: its phase follows the containers' real states. Pure.</summary>
public static class BuildPlan
{
    public static Plan From(Observed observed, ReleaseRow release, DateTimeOffset now)
    {
        // Once the image was delivered nothing of the build matters any more.
        if (release.SlotRequestedAt is not null)
        {
            return new Plan(Step.TakeSlot);
        }

        var build = observed.Build!;
        var isOverdue = observed.GiveUpAt <= now;
        return (release.Phase, build.Stage) switch
        {
            (ReleasePhase.Pending, BuildStage.Absent) when !isOverdue => new Plan(Step.StartBuild),
            (ReleasePhase.Pending, BuildStage.Waiting) when release.DeadlineAt is null => new Plan(Step.StartBuild),
            (ReleasePhase.Pending, BuildStage.Absent or BuildStage.Waiting) => Await(observed, isOverdue, now),
            (ReleasePhase.Pending, _) => new Plan(Step.BeginBuild),

            (ReleasePhase.Building, BuildStage.Pushing or BuildStage.Pushed or BuildStage.PushFailed) => new Plan(Step.BeginPush),
            (_, BuildStage.SourceFailed or BuildStage.BuildFailed or BuildStage.PushFailed) => new Plan(Step.Fail, build.FailureReason!, build.Message),
            (ReleasePhase.Pushing, BuildStage.Pushed) => new Plan(Step.Deliver),

            // Somebody removed the Job: the same build again, while there is time.
            (_, BuildStage.Absent) when !isOverdue => new Plan(Step.StartBuild),
            _ => Await(observed, isOverdue, now),
        };
    }

    private static Plan Await(Observed observed, bool isOverdue, DateTimeOffset now)
    {
        var (release, build) = (observed.Release!, observed.Build!);
        if (isOverdue)
        {
            return new Plan(Step.Fail, Reasons.Timeout, $"still {release.Phase} at its deadline: {build.Message}");
        }

        var reason = release.Phase == ReleasePhase.Pending ? Reasons.WaitingForBuild : release.Phase.ToString();
        return new Plan(Step.Wait, reason, build.Message, observed.GiveUpAt - now);
    }
}
