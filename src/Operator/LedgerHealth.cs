using Slipway.Ledger;

namespace Slipway.Operator;

/// <summary>
/// Knows whether the ledger can be used: migrated, and answering. Reconcilers ask here first, so that an outage costs one
/// probe a second and not one failed connection per object. Whoever had to wait needs no timer: everything is looked at
/// again when the ledger is found. A standby only looks whether it answers, and whether its schema is one that we understand.
/// </summary>
/// <param name="migrator">Brings the schema up to date before anything else.</param>
/// <param name="ledger">What is probed.</param>
/// <param name="time">The clock of the probes.</param>
/// <param name="onLost">Called when the ledger is first found missing.</param>
/// <param name="onFound">Called each time the ledger can be used again, also the first time.</param>
public sealed class LedgerHealth(Migrator migrator, ReleaseLedger ledger, TimeProvider time, Action<Exception> onLost, Action onFound)
{
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ProbeWhileAway = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _suspicion = new(0, 1);
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _available;
    private volatile bool _reachable;
    private volatile bool _leads;
    private long _availableSince = DateTimeOffset.MaxValue.UtcTicks;
    private bool _checked;
    private bool _migrated;
    private bool _lossReported;

    /// <summary>Whether it can be worked with. Never on a standby.</summary>
    public bool IsAvailable => _available;

    /// <summary>Since when; before the first time, never.</summary>
    public DateTimeOffset AvailableSince => new(Volatile.Read(ref _availableSince), TimeSpan.Zero);

    /// <summary>Whether it answers.</summary>
    public bool IsReachable => _reachable;

    /// <summary>Somebody's call failed as if the ledger were away: probe now instead of when it is due.</summary>
    public void Suspect()
    {
        lock (_gate)
        {
            if (_suspicion.CurrentCount == 0)
            {
                _suspicion.Release();
            }
        }
    }

    /// <summary>This process leads from now on, and may migrate. Returns when it is known whether the ledger can be worked with.</summary>
    public Task LeadAsync(CancellationToken cancellationToken)
    {
        _leads = true;
        Suspect();
        return _known.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Probes until cancelled.</summary>
    /// <exception cref="LedgerSchemaTooNewException">The database belongs to a newer Slipway.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                if (await ProbeAsync(cancellationToken))
                {
                    Find();
                }
            }
            catch (Exception error) when (LedgerFaults.IsUnavailable(error) && !cancellationToken.IsCancellationRequested)
            {
                Lose(error);
            }

            if (_leads && (_migrated || !_reachable))
            {
                _known.TrySetResult();
            }

            await PauseAsync(cancellationToken);
        }
    }

    /// <summary>Whether it can be worked with.</summary>
    private async Task<bool> ProbeAsync(CancellationToken cancellationToken)
    {
        if (!_checked)
        {
            await migrator.CheckAsync(cancellationToken);
            _checked = true;
        }

        await ledger.PingAsync(cancellationToken);
        _reachable = true;
        if (_leads && !_migrated)
        {
            await migrator.MigrateAsync(cancellationToken);
            _migrated = true;
        }

        return _migrated;
    }

    private async Task PauseAsync(CancellationToken cancellationToken)
    {
        if (!_reachable)
        {
            await Task.Delay(ProbeWhileAway, time, cancellationToken);
            return;
        }

        using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Task.Delay(ProbeEvery, time, pause.Token), _suspicion.WaitAsync(pause.Token));
        await pause.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private void Lose(Exception error)
    {
        _available = false;
        _reachable = false;
        if (!_lossReported)
        {
            _lossReported = true;
            onLost(error);
        }
    }

    private void Find()
    {
        if (!_available)
        {
            Volatile.Write(ref _availableSince, time.GetUtcNow().UtcTicks);
            _available = true;
            _lossReported = false;
            onFound();
        }
    }
}
