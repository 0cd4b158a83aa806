using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Slipway.Ledger.Env;
using Slipway.Operator.Releases;
using Slipway.Runtime;
using Slipway.Runtime.Events;

namespace Slipway.Operator.EnvPatches;

/// <summary>
/// Tells what became of a patch: an Event and a log line when it is decided, then its status. In that order: a crash in between repeats
/// an Event and never loses one.
/// </summary>
public sealed class EnvPatchReports(
    StatusWriter<EnvPatch, EnvPatchStatus> statusWriter, EventRecorder recorder, OperatorLog log, TimeProvider time)
{
    public async Task DecidedAsync(EnvPatch patch, EnvPatchRow row, string? deployment, CancellationToken cancellationToken)
    {
        Tell(patch, row.Applied ? EnvPatchPhase.Applied : EnvPatchPhase.Rejected, row.Reason, row.Message);
        await statusWriter.WriteAsync(patch, EnvPatchStatusProjection.Decided(patch, row, deployment, time.GetUtcNow()), cancellationToken);
    }

    public async Task RejectedAsync(EnvPatch patch, string reason, string message, CancellationToken cancellationToken)
    {
        Tell(patch, EnvPatchPhase.Rejected, reason, message);
        await statusWriter.WriteAsync(patch, EnvPatchStatusProjection.Rejected(patch, reason, message, time.GetUtcNow()), cancellationToken);
    }

    /// <summary>What is decided already is not taken back by something that is waited for.</summary>
    public async Task WaitingAsync(EnvPatch patch, string reason, string message, string? stackUid, CancellationToken cancellationToken)
    {
        if (!EnvPatchStatusProjection.IsDecided(patch))
        {
            await statusWriter.WriteAsync(patch, EnvPatchStatusProjection.Waiting(patch, reason, message, stackUid, time.GetUtcNow()), cancellationToken);
        }
    }

    public Task SpecChangedAsync(EnvPatch patch, CancellationToken cancellationToken) =>
        statusWriter.WriteAsync(patch, EnvPatchStatusProjection.SpecChanged(patch, time.GetUtcNow()), cancellationToken);

    /// <summary>Nothing new, but perhaps an edit that is not followed.</summary>
    public async Task SettleAsync(EnvPatch patch, CancellationToken cancellationToken)
    {
        if (EnvPatchStatusProjection.Settled(patch, time.GetUtcNow()) is { } status)
        {
            await statusWriter.WriteAsync(patch, status, cancellationToken);
        }
    }

    private void Tell(EnvPatch patch, EnvPatchPhase phase, string reason, string message)
    {
        if (patch.Status?.Phase == phase)
        {
            return;
        }

        var text = Text.Cut(message);
        recorder.Record(patch, phase == EnvPatchPhase.Applied ? EventType.Normal : EventType.Warning, reason, "Merge", text);
        log.PatchDecided(NamespacedName.Of(patch), patch.Spec.Stack, phase.ToString(), reason, text);
    }
}
