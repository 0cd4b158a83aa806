using System.IO.Pipelines;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using BenchmarkDotNet.Attributes;
using Slipway.Benchmarks.Objects;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Requests;
using Slipway.Kubernetes.Resources;
using Slipway.Kubernetes.Watching;

namespace Slipway.Benchmarks.Watching;

/// <summary>
/// From the bytes of a response's body to typed events. Neither internal nor sealed, as BenchmarkDotNet wants it.
/// </summary>
public class WatchDecodeBenchmarks
{
    // Far more than the pool of strings holds: decoding them again and again must not make what is unique look repeated.
    private const int Events = 2_000;
    private const int BufferSize = 32 * 1024;

    private readonly byte[] _pods = Lines(WireObjects.Pod);
    private readonly byte[] _releases = Lines(WireObjects.Release);

    /// <summary>Bytes per event on the wire.</summary>
    internal static (double Pod, double Release) WireSize => ((double)Lines(WireObjects.Pod).Length / Events, (double)Lines(WireObjects.Release).Length / Events);

    [Benchmark(OperationsPerInvoke = Events)]
    public Task<int> SlipwayPod() => DecodeAsync<V1Pod>(_pods);

    [Benchmark(OperationsPerInvoke = Events)]
    public Task<int> TwiceParsedPod() => ParseTwiceAsync(_pods, TwiceParsedJson.Default.TwiceParsedEventV1Pod);

    [Benchmark(OperationsPerInvoke = Events)]
    public Task<int> SlipwayRelease() => DecodeAsync<Deployment>(_releases);

    [Benchmark(OperationsPerInvoke = Events)]
    public Task<int> TwiceParsedRelease() => ParseTwiceAsync(_releases, TwiceParsedJson.Default.TwiceParsedEventDeployment);

    private static async Task<int> DecodeAsync<T>(byte[] body)
        where T : class, IResource<T>
    {
        var lines = new LineReader(PipeReader.Create(new MemoryStream(body), new StreamPipeReaderOptions(bufferSize: BufferSize)), long.MaxValue);
        var decoder = new WatchDecoder<T>(ResourceRequests.Watch(T.Type, new WatchOptions()), onUndecodable: null);
        var decoded = 0;
        while (await lines.ReadLineAsync(CancellationToken.None) is { } line)
        {
            decoded += decoder.Decode(line) is { Object: not null } ? 1 : 0;
        }

        return Require(decoded);
    }

    private static async Task<int> ParseTwiceAsync<T>(byte[] body, JsonTypeInfo<TwiceParsedEvent<T>> json)
        where T : class
    {
        using var lines = new StreamReader(new MemoryStream(body));
        var decoded = 0;
        while (await lines.ReadLineAsync() is { } line)
        {
            decoded += TwiceParsedEvent<T>.Parse(line, json) is { Object: not null } ? 1 : 0;
        }

        return Require(decoded);
    }

    private static int Require(int decoded) =>
        decoded == Events ? decoded : throw new InvalidDataException($"Only {decoded} of {Events} events could be decoded.");

    private static byte[] Lines(Func<int, JsonObject> make) =>
        [.. Enumerable.Range(0, Events).SelectMany(number => WireObjects.Line(make(number)))];
}
