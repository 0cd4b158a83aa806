using System.Buffers;
using System.IO.Pipelines;

namespace Slipway.Kubernetes.Watching;

/// <summary>
/// Cuts a stream of bytes into lines without making strings of them, however the bytes arrive. One reader at a time.
/// </summary>
internal sealed class LineReader(PipeReader pipe, long longestLine)
{
    private SequencePosition _next;
    private bool _handedOut;
    private long _searched;

    /// <summary>
    /// The next line without its end, or null at the end of the stream. It is valid until the next call.
    /// </summary>
    /// <exception cref="EndOfStreamException">The stream ended within a line.</exception>
    /// <exception cref="InvalidDataException">The line is longer than allowed.</exception>
    public async ValueTask<ReadOnlySequence<byte>?> ReadLineAsync(CancellationToken cancellationToken)
    {
        ReleaseLine();
        while (true)
        {
            var read = await pipe.ReadAsync(cancellationToken);
            if (TryTakeLine(read.Buffer, out var line))
            {
                return line;
            }

            if (read.IsCompleted)
            {
                return End(read.Buffer);
            }

            RequireShort(read.Buffer.Length);
            _searched = read.Buffer.Length;
            pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private void ReleaseLine()
    {
        if (_handedOut)
        {
            pipe.AdvanceTo(_next);
            _handedOut = false;
        }
    }

    /// <summary>Looks only at what arrived since the last look: a long line in many pieces is not searched over and over.</summary>
    private bool TryTakeLine(ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        line = default;
        if (buffer.Slice(_searched).PositionOf((byte)'\n') is not { } end)
        {
            return false;
        }

        line = buffer.Slice(0, end);
        _next = buffer.GetPosition(1, end);
        _handedOut = true;
        _searched = 0;
        return true;
    }

    private ReadOnlySequence<byte>? End(ReadOnlySequence<byte> rest)
    {
        var cut = rest.Length;
        pipe.AdvanceTo(rest.End);
        _searched = 0;
        return cut == 0 ? null : throw new EndOfStreamException($"The stream ended within an event, after {cut} bytes of it.");
    }

    private void RequireShort(long length)
    {
        if (length > longestLine)
        {
            throw new InvalidDataException($"An event is longer than {longestLine} bytes.");
        }
    }
}
