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

    /// <summary>The <c>user:password</c> that it asks for, or null.</summary>
    public string? Login { get; init; }

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
        var head = await ReadHeadAsync(accepted);
        if (Login is not null && !head.Contains($"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes(Login))}\r\n"))
        {
            await SayAsync(accepted, "407 Who are you", "Proxy-Authenticate: Basic realm=\"test\"", "Content-Length: 0", "Connection: close");
            return;
        }

        var target = head.Split(' ')[1];
        _asked.Enqueue(target);
        await SayAsync(accepted, "200 Connected");
        await connection.ForwardAsync("127.0.0.1", int.Parse(target.Split(':')[^1], System.Globalization.CultureInfo.InvariantCulture));
    }

    private static async Task<string> ReadHeadAsync(Socket from)
    {
        var head = "";
        var buffer = new byte[1];
        while (!head.EndsWith("\r\n\r\n", StringComparison.Ordinal) && await from.ReceiveAsync(buffer) > 0)
        {
            head += (char)buffer[0];
        }

        return head;
    }

    private static Task<int> SayAsync(Socket to, string status, params IReadOnlyList<string> headers) =>
        to.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{string.Concat(headers.Select(header => $"{header}\r\n"))}\r\n"));
}
