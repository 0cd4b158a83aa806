using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Slipway.Testing.Proxies;

/// <summary>
/// A port in front of another one that can be taken away in two ways. Stopped, it refuses and resets, and everybody knows at once.
/// Frozen, it is a network that lost its way: connections stay open, new ones are accepted, and nothing passes any more.
/// </summary>
public sealed class TcpForwarder : IAsyncDisposable
{
    private readonly string _host;
    private readonly int _targetPort;
    private readonly ConcurrentDictionary<ForwardedConnection, byte> _open = new();
    private readonly ReservedPort _port = new();
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;
    private volatile bool _frozen;

    public TcpForwarder(string host, int port)
    {
        (_host, _targetPort) = (host, port);
        Start();
    }

    public int Port => _port.Number;

    /// <summary>How many connections were made in all.</summary>
    public int Accepted { get; private set; }

    /// <summary>Listens (again), on the same port as before.</summary>
    public void Start()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _accepting = AcceptAsync(_listener);
    }

    /// <summary>Refuses new connections and resets those that are open.</summary>
    public async Task StopAsync()
    {
        _listener?.Stop();
        await _accepting;
        foreach (var connection in _open.Keys)
        {
            connection.Reset();
        }
    }

    /// <summary>From now on nothing passes, on no connection, and nobody is told.</summary>
    public void Freeze()
    {
        _frozen = true;
        foreach (var connection in _open.Keys)
        {
            connection.Lose();
        }
    }

    /// <summary>
    /// New connections work again. Those of before stay lost, as after a longer cut, when the devices in between have forgotten them.
    /// </summary>
    public void Thaw() => _frozen = false;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _port.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                _ = ForwardAsync(Register(await listener.AcceptSocketAsync()));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private ForwardedConnection Register(Socket accepted)
    {
        var connection = new ForwardedConnection(accepted);
        _open[connection] = 0;
        if (_frozen)
        {
            connection.Lose();
        }

        Accepted++;
        return connection;
    }

    private async Task ForwardAsync(ForwardedConnection connection)
    {
        using (connection)
        {
            await connection.ForwardAsync(_host, _targetPort);
            _open.TryRemove(connection, out _);
        }
    }
}
