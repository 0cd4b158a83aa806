using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Benchmarks.Measuring;
using Slipway.Benchmarks.Objects;
using Slipway.Benchmarks.Results;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Requests;
using Slipway.Kubernetes.Watching;
using Slipway.Runtime.Caching;

namespace Slipway.Benchmarks.Caching;

/// <summary>What stays on the heap of the objects that a cache holds, after a full collection.</summary>
internal sealed class StoreMemorySuite : ISuite
{
    /// <summary>A typed client-go informer of the same objects, measured once on another day: KiB of heap each.</summary>
    private const double GoInformerKiB = 2.8;

    public string Name => "store-memory";

    public Task<IReadOnlyList<Section>> RunAsync(Scale scale)
    {
        var lines = Enumerable.Range(0, scale.Objects).Select(number => WireObjects.Line(WireObjects.Release(number))).ToArray();
        Fill(lines[..10]);
        var wire = lines.Average(line => line.Length);
        var ours = HeapOf(() => Fill(lines)) / lines.Length;
        var nodes = HeapOf(() => lines.Select(Node).ToArray()) / lines.Length;
        var elements = HeapOf(() => lines.Select(Element).ToArray()) / lines.Length;
        return Task.FromResult<IReadOnlyList<Section>>(
        [
            new Section($"Store, {lines.Length:N0} releases: heap after a collection",
            [
                Row("in all", ours * lines.Length, "the bytes on the wire", wire * lines.Length),
                Row("per object", ours, "its bytes on the wire", wire),
                Row("per object", ours, "a JsonElement each", elements),
                Row("per object", ours, "a JsonNode each, two fields read", nodes),
                Row("per object", ours, "a typed informer of client-go 1.20 (not side by side)", GoInformerKiB * 1024),
            ]),
        ]);
    }

    private static Comparison Row(string what, double ours, string beside, double theirs) =>
        new(what, Quantity.Bytes(ours), beside, Quantity.Bytes(theirs));

    private static Store<Deployment> Fill(byte[][] lines)
    {
        var store = new Store<Deployment>();
        var decoder = new WatchDecoder<Deployment>(ResourceRequests.Watch(Deployment.Type, new WatchOptions()), onUndecodable: null);
        foreach (var line in lines)
        {
            store.Set(decoder.Decode(new ReadOnlySequence<byte>(line))!.Object!);
        }

        return store;
    }

    private static JsonElement Element(byte[] line) => JsonElement.Parse(line);

    private static JsonNode Node(byte[] line)
    {
        var item = JsonNode.Parse(line)!["object"]!;
        return item["metadata"]!["name"] is not null && item["status"]!["phase"] is not null ? item : throw new InvalidDataException();
    }

    /// <summary>Bytes on the heap that <paramref name="make"/> leaves there.</summary>
    private static double HeapOf(Func<object> make)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var made = make();
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(made);
        return after - before;
    }
}
