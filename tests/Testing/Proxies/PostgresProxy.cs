using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Slipway.Testing.Proxies;

/// <summary>
/// A port in front of PostgreSQL that understands what passes: it tells what a client asks, before the server hears of it, and when
/// something was committed, before the client hears of it; and can keep either to itself. Its clients speak plain text.
/// </summary>
public sealed class PostgresProxy : IAsyncDisposable
{
    private readonly string _host;
    private readonly int _targetPort;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<PostgresConnection, byte> _open = new();
    private readonly Lock _gate = new();
    private readonly Task _accepting;
    private PostgresTally _tally;
    private volatile int _freezes;
    private volatile bool _frozen;

    public PostgresProxy(string host, int port)
    {
        (_host, _targetPort) = (host, port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Called for each request of a client, whose connection waits for the answer; the server hears of the request if that is true.</summary>
    public Func<PostgresRequest, Task<bool>> Asked { get; set; } = _ => Task.FromResult(true);

    /// <summary>Called for each transaction that wrote, once it is committed, with its writing commands. The client hears of it if the answer is true.</summary>
    public Func<string, Task<bool>> Committed { get; set; } = _ => Task.FromResult(true);

    /// <summary>What passed on all connections.</summary>
    public PostgresTally Tally
    {
        get
        {
            lock (_gate)
            {
                return _tally;
            }
        }
    }

    internal int Freezes => _freezes;

    /// <summary>From now on nothing that a client says reaches the server: of those that are connected, for good.</summary>
    public void Freeze()
    {
        _frozen = true;
        Interlocked.Increment(ref _freezes);
    }

    /// <summary>New connections are passed on again.</summary>
    public void Thaw() => _frozen = false;

    /// <summary>Whether what a client says that came after so many freezes is passed on.</summary>
    internal bool MayPass(int freezes) => !_frozen && freezes == _freezes;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        foreach (var connection in _open.Keys)
        {
            connection.Dispose();
        }
    }

    internal void Count(PostgresTally more)
    {
        lock (_gate)
        {
            _tally += more;
        }
    }

    internal async Task<bool> MayPassAsync(PostgresAnswer answer)
    {
        var may = true;
        foreach (var commit in answer.Commits)
        {
            may &= await Committed(commit);
        }

        return may;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ForwardAsync(await _listener.AcceptSocketAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ForwardAsync(Socket accepted)
    {
        using var connection = new PostgresConnection(accepted, this);
        _open[connection] = 0;
        try
        {
            await connection.ForwardAsync(_host, _targetPort);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // One side is gone; disposing tells the other.
        }
        finally
        {
            _open.TryRemove(connection, out _);
        }
    }
}
