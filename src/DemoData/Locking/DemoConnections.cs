using System.Globalization;
using System.Net.Sockets;
using Npgsql;
using Slipway.DemoData.Chain;

namespace Slipway.DemoData.Locking;

/// <summary>Opens connections to the database that is to be made new, and waits for it if it is away.</summary>
public sealed class DemoConnections : IAsyncDisposable
{
    /// <summary>One holds the lock, one works.</summary>
    public const int Needed = 2;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>
    /// What a session must be like whatever roles, databases and the connection string prescribe. A transaction that waits for its client is
    /// not to be ended by a limit that was made for web requests: what ends it is the loss of the lock. Not every server knows every limit.
    /// </summary>
    private const string Settings =
        """
        SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = 0;
        SET default_transaction_isolation = 'read committed'; SET default_transaction_read_only = off; SET default_transaction_deferrable = off;
        SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET client_min_messages = 'warning';
        SET standard_conforming_strings = on; SET synchronous_commit = on;
        SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3;
        SELECT set_config(name, '0', false) FROM pg_catalog.pg_settings WHERE name IN ('idle_session_timeout', 'transaction_timeout')
        """;

    private readonly NpgsqlDataSource _source;
    private readonly TimeProvider _time;

    /// <exception cref="ArgumentException">The pool is smaller than <see cref="Needed"/>.</exception>
    public DemoConnections(NpgsqlConnectionStringBuilder address, TimeProvider time)
    {
        if (address.Pooling && address.MaxPoolSize < Needed)
        {
            throw new ArgumentException(
                $"Maximum Pool Size={address.MaxPoolSize} is too small: one connection holds the lock while another works, so with fewer than "
                + $"{Needed} this would wait for itself for ever. Leave it out, or set it to {Needed} or more.");
        }

        var own = new NpgsqlConnectionStringBuilder(address.ConnectionString)
        {
            // Each connection is used once and must not outlive us in a pool. No limit on statements: loading takes its time.
            Pooling = false,
            CommandTimeout = 0,
            CancellationTimeout = 2000,
            Enlist = false,
            PersistSecurityInfo = false,
            // Which value it was: of rows that are made to be shown.
            IncludeErrorDetail = true,
            KeepAlive = address.KeepAlive == 0 ? 30 : address.KeepAlive,
            TcpKeepAlive = true,
            TcpKeepAliveTime = address.TcpKeepAliveTime == 0 ? 30 : address.TcpKeepAliveTime,
            TcpKeepAliveInterval = address.TcpKeepAliveInterval == 0 ? 10 : address.TcpKeepAliveInterval,
        };
        var builder = new NpgsqlSlimDataSourceBuilder(own.ConnectionString);
        builder.EnableArrays();
        builder.EnableTransportSecurity();
        _source = builder.Build();
        _time = time;
        Name = string.Create(CultureInfo.InvariantCulture, $"{own.Database ?? own.Username} on {own.Host}:{own.Port}");
    }

    /// <summary>Which database, for people; without user and password.</summary>
    public string Name { get; }

    /// <summary>A new connection with the settings that the chain relies on; tried once.</summary>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = _source.CreateConnection();
        try
        {
            await connection.OpenAsync(cancellationToken);
            await connection.RunAsync(Settings, cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same, waiting for a database that is away or still starting.</summary>
    /// <exception cref="DemoDataException">It did not come, or lets nobody in: <see cref="DemoDataFault.DatabaseUnavailable"/>.</exception>
    public async Task<NpgsqlConnection> OpenAsync(TimeSpan patience, ChainLog log, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        var pause = FirstPause;
        for (var first = true; ; first = false)
        {
            try
            {
                return await OpenAsync(cancellationToken);
            }
            catch (Exception error) when (Faults.IsAway(error) && _time.GetElapsedTime(began) + pause < patience)
            {
                if (first)
                {
                    log.Waiting($"waiting for the database {Name}: {error.Message}");
                }

                await Task.Delay(pause, _time, cancellationToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            catch (Exception error) when (error is NpgsqlException or SocketException or TimeoutException)
            {
                var waited = _time.GetElapsedTime(began);
                throw new DemoDataException(
                    DemoDataFault.DatabaseUnavailable,
                    $"Database {Name} cannot be used{(Faults.IsAway(error) ? $", for {waited.TotalSeconds:0} s now" : "")}: {error.Message}",
                    error);
            }
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
