using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Tests.Kinds;
using Slipway.Kubernetes.Watching;
using Slipway.Testing.Cluster;

namespace Slipway.Kubernetes.Tests.Conformance;

/// <summary>
/// What the client promises, whatever server it talks to. The fake server and a real one must both pass, or the fake
/// is not worth testing against.
/// </summary>
public abstract partial class ClientConformance
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>A client whose namespace is empty.</summary>
    protected abstract KubeClient Client { get; }

    /// <summary>The same server, for what the client does not send.</summary>
    protected abstract ApiServer Wire { get; }

    protected abstract string Namespace { get; }

    protected NamespacedName Key(string name) => new(Namespace, name);

    protected ObjectMeta Meta(string name) => new() { Name = name, Namespace = Namespace };

    protected V1ConfigMap Map(string name, params (string Key, string Value)[] data) =>
        new() { Metadata = Meta(name), Data = data.Length == 0 ? null : Data(data) };

    private V1ConfigMap Labelled(string name, string set) => Map(name) with { Metadata = Meta(name) with { Labels = Data(("set", set)) } };

    private Widget NewWidget(string name) => new() { Metadata = Meta(name), Spec = new WidgetSpec { Size = 1 } };

    private static V1ConfigMap AtVersion(V1ConfigMap map, V1ConfigMap read) =>
        map with { Metadata = map.Metadata with { ResourceVersion = read.Metadata.ResourceVersion } };

    private static Dictionary<string, string> Data(params (string Key, string Value)[] data) =>
        data.ToDictionary(pair => pair.Key, pair => pair.Value);

    private static System.Text.Json.Nodes.JsonNode Json(string json) => System.Text.Json.Nodes.JsonNode.Parse(json)!;

    private static async Task<ApiException> FailsAsync(Func<Task> action) => await Should.ThrowAsync<ApiException>(action);

    private async Task<IReadOnlyList<string?>> NamesAsync(ListOptions options)
    {
        var list = await Client.ListAsync<V1ConfigMap>(options with { Namespace = Namespace }, None);
        return [.. list.Items.Select(item => item.Metadata.Name).Where(name => name is "a" or "b" or "c")];
    }

    /// <summary>Watches this namespace until that many events came, or the server ends it.</summary>
    private async Task<List<WatchEvent<V1ConfigMap>>> WatchAsync(WatchOptions options, int count)
    {
        var events = new List<WatchEvent<V1ConfigMap>>();
        await foreach (var one in Client.WatchAsync<V1ConfigMap>(options with { Namespace = Namespace }, None))
        {
            events.Add(one);
            if (events.Count == count)
            {
                break;
            }
        }

        return events;
    }

    private async Task RemoveAllAsync()
    {
        await Client.PatchAsync<V1ConfigMap>(Key("a"), new JsonPatch().Remove("/metadata/finalizers"), None);
        await Client.DeleteAsync<V1ConfigMap>(Key("a"), new DeleteOptions(), None);
    }
}
