using System.Buffers.Binary;
using System.Net.Sockets;

namespace Slipway.Testing.Proxies;

/// <summary>One connection through a <see cref="PostgresProxy"/>. Whatever becomes of the client, the server's words are heard to the end.</summary>
internal sealed class PostgresConnection(Socket near, PostgresProxy proxy) : IDisposable
{
    private const int BufferSize = 16 * 1024;
    private const int RequestSize = 8;
    private const int SslRequest = 80877103;
    private const int GssRequest = 80877104;
    private readonly Socket _far = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly PostgresAnswers _answers = new();
    private readonly int _freezes = proxy.Freezes;
    private PostgresRequests _requests = new(opening: 0);

    public async Task ForwardAsync(string host, int port)
    {
        await _far.ConnectAsync(host, port);
        if (await BeginAsync())
        {
            await Task.WhenAll(ForthAsync(), BackAsync());
        }
    }

    public void Dispose()
    {
        near.Dispose();
        _far.Dispose();
    }

    /// <summary>A client may ask for encryption first, once per kind; the answer is a bare byte, which is no message.</summary>
    /// <returns>False when the client went away instead.</returns>
    private async Task<bool> BeginAsync()
    {
        var request = new byte[RequestSize];
        while (await ReadAsync(near, request))
        {
            await SendAsync(_far, request);
            if (BinaryPrimitives.ReadInt32BigEndian(request.AsSpan(4)) is not (SslRequest or GssRequest))
            {
                _requests = new PostgresRequests(BinaryPrimitives.ReadInt32BigEndian(request) - RequestSize);
                return true;
            }

            var answer = new byte[1];
            if (!await ReadAsync(_far, answer))
            {
                return false;
            }

            await SendAsync(near, answer);
            if (answer[0] is not (byte)'N')
            {
                throw new InvalidDataException("An encrypted connection cannot be looked into: use sslmode=disable.");
            }
        }

        return false;
    }

    /// <summary>The end of a client is passed on as the end of its words, so that the server still does and answers what it was asked before.</summary>
    private async Task ForthAsync()
    {
        var buffer = new byte[BufferSize];
        try
        {
            while (await near.ReceiveAsync(buffer) is > 0 and var count)
            {
                foreach (var request in _requests.Take(buffer.AsSpan(0, count)))
                {
                    if (proxy.MayPass(_freezes) && await proxy.Asked(request))
                    {
                        await SendAsync(_far, request.Bytes);
                    }
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Killed: the same as ended.
        }

        _far.Shutdown(SocketShutdown.Send);
    }

    private async Task BackAsync()
    {
        var buffer = new byte[BufferSize];
        while (await _far.ReceiveAsync(buffer) is > 0 and var count)
        {
            var before = _answers.Tally;
            var answers = _answers.Take(buffer.AsSpan(0, count));
            proxy.Count(_answers.Tally - before);
            foreach (var answer in answers)
            {
                if (await proxy.MayPassAsync(answer))
                {
                    await AnswerAsync(answer.Bytes);
                }
            }
        }

        near.Dispose();
    }

    private async Task AnswerAsync(byte[] bytes)
    {
        try
        {
            await SendAsync(near, bytes);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // There is nobody left to tell.
        }
    }

    private static async Task<bool> ReadAsync(Socket from, Memory<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var count = await from.ReceiveAsync(buffer);
            if (count == 0)
            {
                return false;
            }

            buffer = buffer[count..];
        }

        return true;
    }

    private static async Task SendAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await to.SendAsync(bytes)..];
        }
    }
}
