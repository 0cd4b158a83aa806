using System.Buffers;
using System.IO.Pipelines;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Requests;
using Slipway.Kubernetes.Transport;

namespace Slipway.Kubernetes.Watching;

/// <summary>
/// The bytes of one watch, line by line. A half-open connection says nothing and never ends; so the stream has an end of its
/// own (what the server was asked for, and a little) and a limit to its silence.
/// </summary>
internal sealed class WatchStream : IAsyncDisposable
{
    private const int BufferSize = 32 * 1024;
    private const long LongestEvent = 64 * 1024 * 1024;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly ApiRequest _request;
    private readonly HttpResponseMessage _response;
    private readonly PipeReader _pipe;
    private readonly LineReader _lines;
    private readonly TimeProvider _time;
    private readonly TimeSpan _longestLife;
    private readonly TimeSpan _longestSilence;
    private readonly long _start;
    private readonly TimeLimit _limit;
    private readonly CancellationToken _cancellationToken;

    private WatchStream(
        ApiRequest request,
        HttpResponseMessage response,
        Stream body,
        WatchOptions options,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        (_request, _response, _time, _cancellationToken) = (request, response, time, cancellationToken);
        _pipe = PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: BufferSize));
        _lines = new LineReader(_pipe, LongestEvent);
        _longestLife = options.Timeout + Grace;
        _longestSilence = options.IdleTimeout ?? _longestLife;
        _start = time.GetTimestamp();
        _limit = new TimeLimit(_longestSilence, time, cancellationToken);
    }

    public static async Task<WatchStream> OpenAsync(
        ApiTransport transport, ApiRequest request, WatchOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var response = await transport.OpenAsync(request, cancellationToken);
        // Not to be cancelled: it only hands over what is there, and a response that nobody holds would keep its stream.
        var body = await response.Content.ReadAsStreamAsync(CancellationToken.None);
        return new WatchStream(request, response, body, options, time, cancellationToken);
    }

    /// <summary>The next line, valid until the next call, or null when the server ended the watch.</summary>
    /// <exception cref="ApiException">The connection broke or fell silent.</exception>
    public async ValueTask<ReadOnlySequence<byte>?> ReadLineAsync()
    {
        try
        {
            RestartLimit();
            return await _lines.ReadLineAsync(_limit.Token);
        }
        catch (OperationCanceledException error) when (!_cancellationToken.IsCancellationRequested)
        {
            throw ApiFaults.Silent(_request, _time.GetElapsedTime(_start) >= _longestLife ? _longestLife : _longestSilence, error);
        }
        catch (Exception error) when (error is IOException or HttpRequestException or InvalidDataException)
        {
            throw ApiFaults.Broken(_request, error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _pipe.CompleteAsync();
        _response.Dispose();
        _limit.Dispose();
    }

    private void RestartLimit()
    {
        var left = _longestLife - _time.GetElapsedTime(_start);
        _limit.Restart(left < TimeSpan.Zero ? TimeSpan.Zero : left < _longestSilence ? left : _longestSilence);
    }
}
