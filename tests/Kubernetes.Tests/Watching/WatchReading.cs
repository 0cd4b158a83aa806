using System.Buffers;
using System.IO.Pipelines;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Requests;
using Slipway.Kubernetes.Tests.Kinds;
using Slipway.Kubernetes.Watching;

namespace Slipway.Kubernetes.Tests.Watching;

/// <summary>What a watch made of the bytes it got.</summary>
/// <param name="Seen">Everything reported, in order, with an error of the server's as its last.</param>
/// <param name="BrokeOff">The stream ended within an event.</param>
internal sealed record WatchReading(IReadOnlyList<string> Seen, bool BrokeOff)
{
    /// <summary>Reads a body that arrives in these pieces.</summary>
    public static async Task<WatchReading> OfAsync(params IReadOnlyList<byte[]> pieces)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var writing = WriteAsync(pipe.Writer, pieces);
        var seen = new List<string>();
        var broken = await ReadAsync(new LineReader(pipe.Reader, 10_000_000), seen);
        await writing;
        return new WatchReading(seen, broken);
    }

    /// <summary>Reads one line, whole.</summary>
    /// <exception cref="ApiException">It is an error, or no event.</exception>
    public static IReadOnlyList<string> OfLine(byte[] line)
    {
        var seen = new List<string>();
        Report(Decoder(seen).Decode(new ReadOnlySequence<byte>(line)), seen);
        return seen;
    }

    private static async Task WriteAsync(PipeWriter writer, IReadOnlyList<byte[]> pieces)
    {
        foreach (var piece in pieces)
        {
            await writer.WriteAsync(piece);
            await Task.Yield();
        }

        await writer.CompleteAsync();
    }

    private static async Task<bool> ReadAsync(LineReader lines, List<string> seen)
    {
        var decoder = Decoder(seen);
        try
        {
            while (await lines.ReadLineAsync(CancellationToken.None) is { } line)
            {
                Report(decoder.Decode(line), seen);
            }

            return false;
        }
        catch (EndOfStreamException)
        {
            return true;
        }
        catch (ApiException error)
        {
            seen.Add($"error {error.Code} {error.Reason}");
            return false;
        }
    }

    private static WatchDecoder<V1ConfigMap> Decoder(List<string> seen) => new(
        ResourceRequests.Watch(V1ConfigMap.Type, new WatchOptions()),
        unfit => seen.Add($"unfit {Name(unfit.Event)} {unfit.Key} {unfit.ResourceVersion}"));

    private static void Report(WatchEvent<V1ConfigMap>? change, List<string> seen)
    {
        if (change is { Object: { } item })
        {
            seen.Add($"{Name(change.Type)} {item.Metadata.Namespace}/{item.Metadata.Name} {change.ResourceVersion} {item.Data?.GetValueOrDefault("type")}");
        }
        else if (change is not null)
        {
            seen.Add($"{Name(change.Type)} {change.ResourceVersion}");
        }
    }

    private static string? Name(WatchEventType? type) => type?.ToString().ToUpperInvariant();
}
