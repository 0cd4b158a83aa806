using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Runtime.Caching;
using Slipway.Testing;
using Slipway.Testing.FakeApi;
using Xunit;

namespace Slipway.Runtime.Tests.Caching;

/// <summary>Whatever happens to lists and watches, cache and handlers end where the server is.</summary>
public sealed class InformerChaosTests : IAsyncLifetime
{
    private static readonly CollectionKey Widgets = new(Widget.Type.Group, Widget.Type.Plural);

    private readonly ConcurrentDictionary<NamespacedName, string> _heard = new();
    private readonly ConcurrentQueue<string> _contradictions = new();
    private FakeApiServer _api = null!;
    private KubeClient _client = null!;

    public async Task InitializeAsync()
    {
        _api = await FakeApiServer.StartAsync();
        _client = _api.NewClient();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _api.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Ends_where_the_server_is(int seed)
    {
        var random = new Random(seed);
        var impatient = new ReflectorOptions { PageSize = 3, MinBackoff = TimeSpan.FromMilliseconds(1), MaxBackoff = TimeSpan.FromMilliseconds(4) };
        var informer = new Informer<Widget>(_client, InformerScope.All, impatient, new RecordingObserver(), TimeProvider.System, new Random(seed));
        informer.OnChange(Follow);
        using var stop = new CancellationTokenSource();
        var running = informer.RunAsync(stop.Token);
        for (var step = 0; step < 400; step++)
        {
            Disturb(random, informer);
            if (step % 40 == 39)
            {
                await Eventually.See("the server's state in the cache", () => Same(Server(), Cached(informer)));
            }
        }

        await Eventually.See("the server's state at the handlers", () => Same(Server(), _heard));
        _contradictions.ShouldBeEmpty();
        await stop.CancelAsync();
        await running;
    }

    private void Disturb(Random random, Informer<Widget> informer)
    {
        var name = $"{random.Next(8)}";
        switch (random.Next(20))
        {
            case 0:
                _api.Faults.CutWatches();
                break;
            case 1:
                _api.Faults.EndWatches();
                break;
            case 2:
                _api.Store.Compact();
                _api.Faults.GoneAsStatus = random.Next(2) == 0;
                _api.Faults.CutWatches();
                break;
            case 3:
                _api.Faults.Next(new Fault.Refuse(429, "TooManyRequests"), when: request => request.IsWatch);
                _api.Faults.CutWatches();
                break;
            case 4:
                _api.SendBookmarks();
                break;
            case < 10 when _api.Store.Find(Key(name)) is not null:
                _api.Store.Remove(Key(name));
                break;
            default:
                var written = _api.Store.Put(Key(name), JsonNode.Parse(Widget.Named(name, 0, size: random.Next(100)).ToJson())!.AsObject());
                Observe(random, informer, written);
                break;
        }
    }

    private static void Observe(Random random, Informer<Widget> informer, JsonObject written)
    {
        if (random.Next(2) == 0)
        {
            informer.Observe(System.Text.Json.JsonSerializer.Deserialize(written.ToJsonString(), Widget.Json)!);
        }
    }

    /// <summary>Rebuilds the state from the changes alone; each must follow from the one before.</summary>
    private void Follow(StoreChange<Widget> change)
    {
        var key = NamespacedName.Of(change.Latest);
        if (_heard.GetValueOrDefault(key) != change.Old?.Metadata.ResourceVersion)
        {
            _contradictions.Enqueue($"{key}: was {_heard.GetValueOrDefault(key)}, the change says {change.Old?.Metadata.ResourceVersion}");
        }

        if (change.New is { } current)
        {
            _heard[key] = current.Metadata.ResourceVersion!;
        }
        else
        {
            _heard.TryRemove(key, out _);
        }
    }

    private Dictionary<NamespacedName, string> Server() => Enumerable.Range(0, 8)
        .Select(name => (Key: Widget.Key($"{name}"), Object: _api.Store.Find(Key($"{name}"))))
        .Where(held => held.Object is not null)
        .ToDictionary(held => held.Key, held => held.Object!["metadata"]!["resourceVersion"]!.GetValue<string>());

    private static Dictionary<NamespacedName, string> Cached(Informer<Widget> informer) =>
        informer.Store.List().ToDictionary(item => NamespacedName.Of(item), item => item.Metadata.ResourceVersion!);

    private static bool Same(IReadOnlyDictionary<NamespacedName, string> one, IReadOnlyDictionary<NamespacedName, string> other) =>
        one.OrderBy(pair => pair.Key.Name).SequenceEqual(other.OrderBy(pair => pair.Key.Name));

    private static ResourceKey Key(string name) => new(Widgets, "ns", name);
}
