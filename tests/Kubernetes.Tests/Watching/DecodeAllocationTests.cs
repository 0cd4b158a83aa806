using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Kubernetes.Requests;
using Slipway.Kubernetes.Resources;
using Slipway.Kubernetes.Watching;
using Xunit;

namespace Slipway.Kubernetes.Tests.Watching;

/// <summary>
/// What a watch allocates per event. Bytes, unlike times, are the same on every machine; the bound is what was measured
/// and a tenth. Whoever lowers the figure lowers the bound.
/// </summary>
public sealed class DecodeAllocationTests
{
    private const int Events = 200;
    private const int MostPerEvent = 2_933;

    [Fact]
    public async Task An_event_allocates_its_object_and_little_else() =>
        (await AllocatedPerEventAsync(managedFields: 40)).ShouldBeLessThanOrEqualTo(MostPerEvent);

    [Fact]
    public async Task Managed_fields_and_fields_that_are_not_modelled_allocate_nothing()
    {
        var few = await AllocatedPerEventAsync(managedFields: 1);
        var many = await AllocatedPerEventAsync(managedFields: 400);

        // The reader's buffer has to grow to the longer line, once.
        (many - few).ShouldBeLessThan(few / 10);
    }

    /// <summary>
    /// Everything runs on this thread: the stream is in memory, so nothing ever waits. The objects are others than those that warm up:
    /// what is unique in life is not found in the pool of strings.
    /// </summary>
    private static async Task<long> AllocatedPerEventAsync(int managedFields)
    {
        // Before it warms up: so much garbage in between might give the pools' buffers away.
        var body = Body(Events, managedFields);
        (await DecodeAsync(Body(0, managedFields))).ShouldBe(Events);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var decoding = DecodeAsync(body);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        decoding.IsCompleted.ShouldBeTrue();
        (await decoding).ShouldBe(Events);
        return allocated / Events;
    }

    private static async Task<int> DecodeAsync(byte[] body)
    {
        var lines = new LineReader(PipeReader.Create(new MemoryStream(body), new StreamPipeReaderOptions(bufferSize: 32 * 1024)), long.MaxValue);
        var decoder = new WatchDecoder<V1Pod>(ResourceRequests.Watch(V1Pod.Type, new WatchOptions()), onUndecodable: null);
        var decoded = 0;
        while (await lines.ReadLineAsync(CancellationToken.None) is { } line)
        {
            decoded += decoder.Decode(line) is { Object.Spec.NodeName: "node-17" } ? 1 : 0;
        }

        return decoded;
    }

    private static byte[] Body(int first, int managedFields)
    {
        var pod = Pod(managedFields);
        var body = new StringBuilder();
        for (var number = first; number < first + Events; number++)
        {
            pod["metadata"]!["name"] = $"web-{number:d4}";
            pod["metadata"]!["uid"] = $"5d4f1a52-8f0e-4b39-9a9c-0a7cf2b1{number:x4}";
            pod["metadata"]!["resourceVersion"] = $"{100_000 + number}";
            body.Append("""{"type":"MODIFIED","object":""").Append(pod.ToJsonString()).Append("}\n");
        }

        return Encoding.UTF8.GetBytes(body.ToString());
    }

    private static JsonNode Pod(int managedFields)
    {
        var pod = JsonNode.Parse(
            """
            {
              "apiVersion": "v1", "kind": "Pod",
              "metadata": {
                "namespace": "shop", "creationTimestamp": "2026-11-22T06:41:05Z", "labels": {"app": "web", "tier": "front"}
              },
              "spec": {
                "nodeName": "node-17", "containers": [{"name": "app", "image": "registry.example/shop/web:1.4"}],
                "tolerations": [{"key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}]
              },
              "status": {
                "phase": "Running", "podIP": "10.244.17.23", "qosClass": "Burstable",
                "conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": "2026-11-22T06:41:10Z"}],
                "containerStatuses": [{"name": "app", "ready": true, "imageID": "registry.example/shop/web@sha256:1111"}]
              }
            }
            """)!;
        pod["metadata"]!["managedFields"] = new JsonArray([.. Enumerable.Range(0, managedFields).Select(Entry)]);
        return pod;
    }

    private static JsonNode Entry(int number) => new JsonObject
    {
        ["manager"] = $"manager-{number}",
        ["operation"] = "Update",
        ["fieldsV1"] = JsonNode.Parse("""{"f:status":{"f:conditions":{"k:{\"type\":\"Ready\"}":{".":{},"f:status":{}}}}}"""),
    };
}
