using System.Net.Sockets;
using Npgsql;

namespace Slipway.DemoData;

/// <summary>Tells what an error of the database means for the chain.</summary>
internal static class Faults
{
    /// <summary>Whether the database is away, starting, or full of connections: trying again may help.</summary>
    public static bool IsAway(Exception error) => error switch
    {
        PostgresException postgres => postgres.SqlState
            is PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.TooManyConnections,
        NpgsqlException { IsTransient: true } or SocketException or TimeoutException or EndOfStreamException => true,
        { InnerException: { } inner } => IsAway(inner),
        _ => false,
    };

    /// <summary>Whether this connection is gone, or was ended by an administrator: also by somebody who took the lock over.</summary>
    public static bool IsCut(Exception error) => error switch
    {
        PostgresException postgres => postgres.SqlState
            is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow,
        NpgsqlException or IOException or SocketException or ObjectDisposedException => true,
        _ => false,
    };

    /// <summary>Whether somebody else holds what was wanted: a lock timeout, or a deadlock that we were chosen to end.</summary>
    public static bool IsInTheWay(PostgresException error) => error.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected;
}
