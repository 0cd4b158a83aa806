using Slipway.Ledger.Env;

namespace Slipway.Operator;

/// <summary>The leader's work after a rotation: what an older key encrypted is encrypted with the first one, so that the older one can go.</summary>
public sealed class EnvKeyRotation(EnvLedger ledger, LedgerHealth health, OperatorLog log, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (health.IsAvailable)
            {
                await TryAsync(cancellationToken);
            }

            await Task.Delay(Period, time, cancellationToken);
        }
    }

    private async Task TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await ledger.ReencryptAsync(cancellationToken) is > 0 and var count)
            {
                log.Reencrypted(count);
            }
        }
        catch (EnvKeyUnavailableException)
        {
            // Whoever needs the key says so, on the object that needs it.
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            log.ReencryptionFailed(error);
        }
    }
}
