using Npgsql;
using Slipway.DemoData.Locking;

namespace Slipway.DemoData.Chain;

/// <summary>Finds out what has really happened when the database stopped listening to us.</summary>
internal sealed class Verdict(DemoConnections connections, MutexTerm? term, long? token)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>What is to be said of the error; null when it is one that nobody expected.</summary>
    public async Task<DemoDataException?> OnAsync(Exception error)
    {
        if (error is PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } forbidden)
        {
            return new DemoDataException(
                DemoDataFault.NotPermitted,
                $"This role may not do what is needed: {forbidden.MessageText}. It has to own the schema and what is in it, and may create schemas in the database "
                + "(the database's owner may). Nothing was changed.",
                error);
        }

        if (!Faults.IsCut(error) && error is not PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction })
        {
            return null;
        }

        return await WasTakenOverAsync()
            ? new DemoDataException(DemoDataFault.LockLost, "The lock was lost: somebody else has taken over. Nothing was changed by this run after that.", error)
            : error is PostgresException postgres && !Faults.IsCut(error) && !Faults.IsAway(error)
                ? new DemoDataException(DemoDataFault.DatabaseUnavailable, $"Database {connections.Name}: {postgres.MessageText}. Nothing was changed.", error)
                : new DemoDataException(
                    DemoDataFault.DatabaseUnavailable,
                    $"The connection to database {connections.Name} broke ({error.Message}). Its data are the old ones, or the new ones if that was at the very end; "
                    + "never a part of them. Run it again.",
                    error);
    }

    private async Task<bool> WasTakenOverAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            if (term is not null && !await term.ConfirmAsync(limit.Token))
            {
                return true;
            }

            await using var connection = await connections.OpenAsync(limit.Token);
            return token is not null && await new Fence(connection).TokenAsync(limit.Token) != token;
        }
        catch (Exception)
        {
            // Nobody can be asked: then nothing is known but that the connection broke.
            return false;
        }
    }
}
