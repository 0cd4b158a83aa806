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

    /// <summary>Passes everything on, also the end of it, until both sides have ended it.</summary>
    public async Task ForwardAsync(string host, int port)
    {
        try
        {
            await _far.ConnectAsync(host, port);
            await Task.WhenAll(PumpAsync(near, _far), PumpAsync(_far, near));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            Reset();
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

            if (!_lost)
            {
                to.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            if (!_lost)
            {
                Reset();
            }
        }
    }
}
