using Npgsql;

namespace Slipway.DemoData.Locking;

/// <summary>The lock of the database, held: the connection that holds it, the one that works, and the token of this holder.</summary>
internal sealed class DatabaseHold(NpgsqlConnection guard, NpgsqlConnection work, string identity, long token, long key) : IAsyncDisposable
{
    /// <summary>The row stays locked until the transaction ends, so that no later holder can mint before that.</summary>
    private const string FenceSql = $"SELECT token FROM {Fence.Schema}.fence WHERE token = $1 FOR SHARE";

    private const string GuardSql =
        """
        SELECT EXISTS (SELECT FROM pg_catalog.pg_locks WHERE pid = $1 AND locktype = 'advisory' AND granted AND objsubid = 1
            AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
            AND classid = $2::bigint >> 32 AND objid = $2::bigint & 4294967295)
        """;

    private static readonly TimeSpan ForAFarewell = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ForACommit = TimeSpan.FromSeconds(30);

    /// <summary>Whether the server has let a question unanswered: then it is asked nothing more, for somebody waits for our end.</summary>
    private bool _isSilent;

    /// <summary>Rises with every holder of this database.</summary>
    public long Token => token;

    /// <summary>The connection to work with, for statements outside of a step.</summary>
    public NpgsqlConnection Work => work;

    /// <summary>
    /// Runs a step: a transaction in which this holder's token is the one that counts, from the beginning until it is committed.
    /// </summary>
    /// <param name="step">What is to be done on the working connection.</param>
    /// <exception cref="DemoDataException">The lock was lost, or the database may not be reset any more.</exception>
    public async Task<T> StepAsync<T>(Func<NpgsqlConnection, Task<T>> step, CancellationToken cancellationToken)
    {
        await using var transaction = await work.BeginTransactionAsync(cancellationToken);
        try
        {
            await CheckFenceAsync(cancellationToken);
            await ResetMark.CheckAsync(work, cancellationToken);
            await CheckGuardAsync(cancellationToken);
            var result = await step(work);
            await CheckGuardAsync(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            await CommitAsync(transaction);
            return result;
        }
        catch
        {
            await RollBackAsync(transaction);
            throw;
        }
    }

    /// <summary>Gives the lock back. What cannot be said to the database any more is known to it by the end of the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_isSilent)
            {
                using var limit = new CancellationTokenSource(ForAFarewell);
                await new Fence(guard).LeaveAsync(token, identity, limit.Token);
            }
        }
        catch (Exception error) when (error is NpgsqlException or OperationCanceledException or InvalidOperationException or IOException or TimeoutException)
        {
            // The next holder forgets the dead by himself.
        }
        finally
        {
            await work.DisposeAsync();
            await guard.DisposeAsync();
        }
    }

    /// <summary>Not cancelled from outside: whoever is told to stop at this moment would not know whether the new data are there.</summary>
    /// <exception cref="NpgsqlException">There was no answer: nobody knows.</exception>
    private static async Task CommitAsync(NpgsqlTransaction transaction)
    {
        using var limit = new CancellationTokenSource(ForACommit);
        try
        {
            await transaction.CommitAsync(limit.Token);
        }
        catch (OperationCanceledException error)
        {
            throw new NpgsqlException($"the commit was not answered within {ForACommit.TotalSeconds:0} s", error);
        }
    }

    /// <summary>A server that does not even answer to this has lost us, and rolls back by itself.</summary>
    private async Task RollBackAsync(NpgsqlTransaction transaction)
    {
        try
        {
            using var limit = new CancellationTokenSource(ForAFarewell);
            await transaction.RollbackAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _isSilent = true;
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException or IOException or TimeoutException)
        {
            // What has failed before tells more.
        }
    }

    private async Task CheckFenceAsync(CancellationToken cancellationToken)
    {
        if (await work.Command(FenceSql).With(token).ScalarAsync<long?>(cancellationToken) is null)
        {
            throw Lost();
        }
    }

    /// <summary>The lock lasts as long as the connection that holds it, which may have broken without our noticing.</summary>
    private async Task CheckGuardAsync(CancellationToken cancellationToken)
    {
        if (!await work.Command(GuardSql).With(guard.ProcessID).With(key).ScalarAsync<bool>(cancellationToken))
        {
            throw Lost();
        }
    }

    private static DemoDataException Lost() => new(
        DemoDataFault.LockLost, "The lock of the database was lost: somebody else has taken over. Nothing of this step was changed.");
}
