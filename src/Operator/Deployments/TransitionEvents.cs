using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Operator.Releases;
using Slipway.Runtime.Events;

namespace Slipway.Operator.Deployments;

/// <summary>One Event, one log line and one count per transition; the event's reason is the phase.</summary>
public sealed class TransitionEvents(EventRecorder recorder, OperatorLog log)
{
    /// <summary>Tells the transitions that the object's status does not list yet.</summary>
    /// <param name="deployment">The object, with the status it has.</param>
    /// <param name="status">The status it is about to get.</param>
    /// <param name="takenOver">The release is that of a former object of the same name and spec, and was told then.</param>
    public void Tell(Deployment deployment, DeploymentStatus status, bool takenOver)
    {
        if (takenOver)
        {
            return;
        }

        var told = deployment.Status?.Transitions?.Count ?? 0;
        foreach (var transition in (status.Transitions ?? []).Skip(told))
        {
            var type = transition.To is DeploymentPhase.Failed or DeploymentPhase.Cancelled ? EventType.Warning : EventType.Normal;
            ReleaseMetrics.CountTransition(transition.To.ToString());
            recorder.Record(deployment, type, transition.To.ToString(), "Release", Note(status, transition));
            log.Transition(
                NamespacedName.Of(deployment),
                status.Version ?? "-",
                deployment.Spec.Stack,
                transition.From?.ToString() ?? "-",
                transition.To.ToString(),
                transition.Reason ?? "",
                transition.Message ?? "");
        }
    }

    private static string Note(DeploymentStatus status, PhaseTransition transition)
    {
        var version = status.Version is null ? "" : $"{status.Version}: ";
        var why = (transition.Reason, transition.Message) switch
        {
            (null, null) => transition.To.ToString(),
            (null, { } message) => message,
            ({ } reason, null) => reason,
            ({ } reason, { } message) => $"{reason}: {message}",
        };
        return version + why;
    }
}
