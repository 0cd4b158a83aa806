using Slipway.Ledger;

namespace Slipway.Operator;

/// <summary>The leader's hourly work: releases that ended long ago go to the archive.</summary>
public sealed class Archiving(ReleaseLedger ledger, LedgerHealth health, OperatorLog log, TimeProvider time, TimeSpan age)
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);
    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(await TryAsync(cancellationToken) ? Period : Retry, time, cancellationToken);
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        if (!health.IsAvailable)
        {
            return false;
        }

        try
        {
            var moved = await ledger.ArchiveAsync(time.GetUtcNow() - age, cancellationToken);
            if (moved > 0)
            {
                log.Archived(moved);
            }

            return true;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // Nothing waits for it; what was moved stays moved.
            log.ArchivingFailed(error);
            return false;
        }
    }
}
