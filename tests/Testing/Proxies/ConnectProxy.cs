using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Slipway.Testing.Proxies;

/// <summary>An HTTP proxy that can do one thing: open a tunnel (<c>CONNECT</c>) to a port of this machine, whatever host was named.</summary>
public sealed class ConnectProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly Task _accepting;

    public ConnectProxy()
    {
        _listener.Start();
        Address = new Uri($"http://{_listener.LocalEndpoint}");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>Where to (<c>host:port</c>), in the order of arrival.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = TunnelAsync(await _listener.AcceptSocketAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task TunnelAsync(Socket accepted)
    {
        using var connection = new ForwardedConnection(accepted);
        var head = "";
        var buffer = new byte[1];
        while (!head.EndsWith("\r\n\r\n", StringComparison.Ordinal) && await accepted.ReceiveAsync(buffer) > 0)
        {
            head += (char)buffer[0];
        }

        var target = head.Split(' ')[1];
        _asked.Enqueue(target);
        await accepted.SendAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 Connected\r\n\r\n"));
        await connection.ForwardAsync("127.0.0.1", int.Parse(target.Split(':')[^1], System.Globalization.CultureInfo.InvariantCulture));
    }
}
