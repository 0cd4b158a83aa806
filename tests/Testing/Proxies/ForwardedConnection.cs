using System.Net.Sockets;

namespace Slipway.Testing.Proxies;

/// <summary>One connection through a <see cref="TcpForwarder"/>: two sockets, and what passes between them.</summary>
internal sealed class ForwardedConnection(Socket near) : IDisposable
{
    private const int BufferSize = 16 * 1024;
    private readonly Socket _far = new(SocketType.Stream, ProtocolType.Tcp);
    private volatile bool _lost;

    /// <summary>Whatever comes from now on vanishes, also the end of it, until both sides have given up.</summary>
    public void Lose() => _lost = true;

    public void Reset()
    {
        near.Close(timeout: 0);
        _far.Close(timeout: 0);
    }

    /// <summary>Passes everything on until one side ends it; when it is lost, until both do.</summary>
    public async Task ForwardAsync(string host, int port)
    {
        try
        {
            await _far.ConnectAsync(host, port);
            var both = (Task[])[PumpAsync(near, _far), PumpAsync(_far, near)];
            await Task.WhenAny(both);
            if (_lost)
            {
                await Task.WhenAll(both);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Cut: the one side learns it from the other.
        }
    }

    public void Dispose()
    {
        near.Dispose();
        _far.Dispose();
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[BufferSize];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                for (var sent = 0; sent < count && !_lost;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }
}
