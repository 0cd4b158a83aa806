using System.Net.Sockets;
using Npgsql;

namespace Slipway.Ledger;

/// <summary>Tells an absent or overloaded database, where waiting helps, from everything else.</summary>
public static class LedgerFaults
{
    private const string IdleInTransactionSessionTimeout = "25P03";

    /// <summary>
    /// Whether the same call can succeed later although nobody changes anything here: the database is away, starting, shutting down,
    /// read-only after a failover, out of connections or space, or a lock or an answer took too long.
    /// </summary>
    public static bool IsUnavailable(Exception error) => error switch
    {
        PostgresException postgres => IsWorthWaiting(postgres.SqlState),
        NpgsqlException { IsTransient: true } => true,
        SocketException or TimeoutException or EndOfStreamException => true,
        AggregateException aggregate => aggregate.InnerExceptions.Any(IsUnavailable),
        { InnerException: { } inner } => IsUnavailable(inner),
        _ => false,
    };

    /// <summary>Whether the database has refused a write by its own rules: an illegal move, or a constraint. Nothing of it was written.</summary>
    public static bool IsRefusal(Exception error) =>
        error is PostgresException { SqlState: SqlStates.IllegalTransition } or PostgresException { ConstraintName: not null };

    private static bool IsWorthWaiting(string sqlState) => sqlState switch
    {
        PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.TooManyConnections
            or PostgresErrorCodes.OutOfMemory
            or PostgresErrorCodes.DiskFull
            or PostgresErrorCodes.InsufficientResources
            or PostgresErrorCodes.ReadOnlySqlTransaction
            or PostgresErrorCodes.LockNotAvailable
            or PostgresErrorCodes.QueryCanceled
            or IdleInTransactionSessionTimeout
            or PostgresErrorCodes.SerializationFailure
            or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.ConnectionException
            or PostgresErrorCodes.ConnectionDoesNotExist
            or PostgresErrorCodes.ConnectionFailure
            or PostgresErrorCodes.SqlClientUnableToEstablishSqlConnection
            or PostgresErrorCodes.SqlServerRejectedEstablishmentOfSqlConnection => true,
        _ => false,
    };
}
