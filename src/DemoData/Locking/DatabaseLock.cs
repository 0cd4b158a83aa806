using Npgsql;
using Slipway.DemoData.Chain;

namespace Slipway.DemoData.Locking;

/// <summary>
/// The mutex in the database: an advisory lock on a connection of its own, which also keeps out those who know nothing but the database;
/// and the fence, which keeps out who has held it before and does not know that he has lost it.
/// </summary>
internal sealed class DatabaseLock(DemoConnections connections, DemoOptions options, ChainLog log, TimeProvider time, long key)
{
    /// <summary>Number of the advisory lock; part of the contract with other seeders of the same database.</summary>
    public const long Key = 0x47524f4f;

    private const string LockSql = "SELECT pg_advisory_lock($1)";

    private static readonly TimeSpan WorthMentioning = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenMentions = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ForAFarewell = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ForAnEnd = TimeSpan.FromSeconds(10);

    /// <param name="identity">Who wants it, for others to read.</param>
    /// <param name="term">The mutex that is held already; null when there is none, and nobody is taken over then.</param>
    /// <exception cref="DemoDataException">It was not to be had in time, or the mutex has been lost meanwhile.</exception>
    public async Task<DatabaseHold> AcquireAsync(string identity, MutexTerm? term, CancellationToken cancellationToken)
    {
        var guard = await connections.OpenAsync(options.WaitForDatabase, log, cancellationToken);
        NpgsqlConnection? work = null;
        try
        {
            work = await connections.OpenAsync(options.WaitForDatabase, log, cancellationToken);
            var fence = new Fence(guard);
            await fence.CreateAsync(cancellationToken);
            var earlier = await fence.LeasedAsync(identity, cancellationToken);
            await fence.RecordAsync([guard.ProcessID, work.ProcessID], identity, term is not null, cancellationToken);
            if (term is not null)
            {
                await TakeOverAsync(fence, earlier, term, cancellationToken);
            }

            await LockAsync(guard, work, cancellationToken);
            var token = await MintAsync(fence, identity, work, cancellationToken);
            await guard.RunAsync("SET lock_timeout = 0", cancellationToken);
            return new DatabaseHold(guard, work, identity, token, key);
        }
        catch
        {
            await (work is null ? Task.CompletedTask : ForgetAsync(guard, identity));
            await guard.DisposeAsync();
            await (work?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }
    }

    /// <summary>Leaves no record of one who gives up. Where that cannot be said any more, the next one sees that its processes are gone.</summary>
    private static async Task ForgetAsync(NpgsqlConnection guard, string identity)
    {
        try
        {
            using var limit = new CancellationTokenSource(ForAFarewell);
            await new Fence(guard).ForgetAsync(identity, limit.Token);
        }
        catch (Exception error) when (error is NpgsqlException or OperationCanceledException or InvalidOperationException or IOException or TimeoutException)
        {
            // The connection is broken, or there is no such table yet.
        }
    }

    /// <summary>
    /// Ends what works for earlier holders of the mutex. Only after our term was confirmed: whoever was recorded before that is of an
    /// earlier one, and whoever comes after us finds us recorded.
    /// </summary>
    private async Task TakeOverAsync(Fence fence, IReadOnlyList<Backend> earlier, MutexTerm term, CancellationToken cancellationToken)
    {
        if (!await term.ConfirmAsync(cancellationToken))
        {
            throw new DemoDataException(DemoDataFault.LockLost, "The lock was lost before the work began: somebody else has taken over. Nothing was changed.");
        }

        foreach (var backend in earlier)
        {
            try
            {
                await EndAsync(fence, backend, cancellationToken);
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InsufficientPrivilege)
            {
                throw new DemoDataException(
                    DemoDataFault.LockHeld,
                    $"Process {backend.Pid} still works for {backend.Identity}, whose time is over, and this role may not end it ({error.MessageText}): "
                    + "let all resets use the same role, or GRANT pg_signal_backend to it.",
                    error);
            }
        }

        await fence.ForgetDeadAsync(cancellationToken);
    }

    private async Task EndAsync(Fence fence, Backend backend, CancellationToken cancellationToken)
    {
        switch (await fence.TerminateAsync(backend, cancellationToken))
        {
            case true:
                log.Waiting($"ending process {backend.Pid}, which works for {backend.Identity}: its time is over");
                await AwaitEndAsync(fence, backend, cancellationToken);
                break;
            case false:
                // It may be another one of the same number. If it holds the lock, that is waited for.
                log.Waiting(
                    $"process {backend.Pid} may still work for {backend.Identity}, whose time is over, but this role may not look at it: let all resets use the "
                    + "same role, or GRANT pg_read_all_stats, pg_signal_backend to it");
                break;
        }
    }

    private async Task AwaitEndAsync(Fence fence, Backend backend, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (await fence.IsAliveAsync(backend, cancellationToken))
        {
            if (time.GetElapsedTime(began) > ForAnEnd)
            {
                throw new DemoDataException(
                    DemoDataFault.LockHeld,
                    $"Process {backend.Pid}, which works for {backend.Identity}, was told to end and has not, for {ForAnEnd.TotalSeconds:0} s: try again later.");
            }

            await Task.Delay(BetweenLooks, time, cancellationToken);
        }
    }

    /// <summary>In one request, so that the server keeps the order of those who wait.</summary>
    private async Task LockAsync(NpgsqlConnection guard, NpgsqlConnection onlooker, CancellationToken cancellationToken)
    {
        var patience = Math.Max(1, (long)options.WaitForLock.TotalMilliseconds);
        await guard.Command("SELECT set_config('lock_timeout', $1, false)").With($"{patience}ms").ScalarAsync<string>(cancellationToken);
        var began = time.GetTimestamp();
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var locking = guard.Command(LockSql).With(key).RunAsync(giveUp.Token);
        try
        {
            await MentionAsync(locking, onlooker, cancellationToken);
            await locking;
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            var holder = await LockHolder.OfAdvisoryAsync(onlooker, key, cancellationToken);
            throw new DemoDataException(
                DemoDataFault.LockHeld,
                $"Somebody else makes database {connections.Name} new, and has not been done within {time.GetElapsedTime(began).TotalSeconds:0} s: {holder}. "
                + "Try again later, or give --wait-for-lock more time.",
                error);
        }
        finally
        {
            // A connection is not to be closed while something is under way on it.
            await giveUp.CancelAsync();
            await Task.WhenAny(locking);
        }
    }

    /// <summary>An earlier holder who has lost the lock with his connection may still be in the middle of a step on the other one.</summary>
    private async Task<long> MintAsync(Fence fence, string identity, NpgsqlConnection onlooker, CancellationToken cancellationToken)
    {
        try
        {
            return await fence.MintAsync(identity, cancellationToken);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new DemoDataException(
                DemoDataFault.LockHeld,
                $"Somebody else has lost the lock of database {connections.Name}, but is still in the middle of making it new: "
                + $"{await LockHolder.OfFenceAsync(onlooker, cancellationToken)}. Try again later, or end that process.",
                error);
        }
    }

    /// <summary>Tells now and then what is waited for, until it is there.</summary>
    private async Task MentionAsync(Task locking, NpgsqlConnection onlooker, CancellationToken cancellationToken)
    {
        for (var pause = WorthMentioning; ; pause = BetweenMentions)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var waiting = Task.Delay(pause, time, stop.Token);
            if (await Task.WhenAny(locking, waiting) == locking)
            {
                stop.Cancel();
                return;
            }

            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            log.Waiting($"waiting for the lock of the database, which is held by {await LockHolder.OfAdvisoryAsync(onlooker, key, cancellationToken)}");
        }
    }
}
