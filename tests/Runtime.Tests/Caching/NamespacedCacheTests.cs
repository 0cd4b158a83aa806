using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Runtime.Caching;
using Slipway.Testing;
using Xunit;

namespace Slipway.Runtime.Tests.Caching;

public sealed class NamespacedCacheTests : IAsyncLifetime
{
    private const string BySize = "size";
    private static readonly string[] Namespaces = ["a", "b"];
    private readonly CancellationTokenSource _stop = new();
    private ScriptedApi _api = null!;
    private Manager _manager = null!;
    private ICache<Widget> _cache = null!;

    public async Task InitializeAsync()
    {
        var clock = new FakeClock();
        _api = await ScriptedApi.StartAsync();
        var options = new ManagerOptions { Reflector = new ReflectorOptions { StreamingList = false } };
        _manager = new Manager(_api.Client(clock), options, new RecordingObserver(), clock, new Random(1));
        _cache = _manager.Cache<Widget>(Namespaces, InformerScope.All);
        _cache.AddIndex(BySize, widget => [$"{widget.Spec!.Size}"]);
    }

    public async Task DisposeAsync()
    {
        _manager.Dispose();
        await _api.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public void Of_no_namespaces_it_is_the_one_cache_of_all() =>
        _manager.Cache<Widget>([], InformerScope.All).ShouldBeSameAs(_manager.Informer<Widget>(InformerScope.All));

    [Fact]
    public void Named_twice_a_namespace_is_there_once()
    {
        var twice = _manager.Cache<Widget>(["a", "a"], InformerScope.All);
        Observe("a", "one");

        twice.Store.List().Count.ShouldBe(1);
    }

    [Fact]
    public void Finds_in_every_namespace_and_in_none_that_is_not_its_own()
    {
        Observe("a", "one", size: 1);
        Observe("b", "one", size: 2);
        Observe("b", "two", size: 1);

        var store = _cache.Store;
        store.Count.ShouldBe(3);
        Names(store.List()).ShouldBe(["a/one", "b/one", "b/two"], ignoreOrder: true);
        Names(store.InNamespace("b")).ShouldBe(["b/one", "b/two"], ignoreOrder: true);
        Names(store.ByIndex(BySize, "1")).ShouldBe(["a/one", "b/two"], ignoreOrder: true);
        store.Get(new NamespacedName("b", "one"))!.Spec!.Size.ShouldBe(2);
        store.Get(new NamespacedName("c", "one")).ShouldBeNull();
        store.InNamespace("c").ShouldBeEmpty();
    }

    [Fact]
    public async Task Is_in_sync_when_all_namespaces_are()
    {
        _cache.Store.HasSynced.ShouldBeFalse();
        var running = _manager.RunAsync(_stop.Token);
        var (one, other) = (await _api.NextAsync(), await _api.NextAsync());
        new[] { one.Path, other.Path }.ShouldBe(Namespaces.Select(name => $"/apis/tests.slipway.dev/v1/namespaces/{name}/widgets"), ignoreOrder: true);

        await one.ReplyAsync(200, Wire.List(5));
        (await _api.NextAsync()).Path.ShouldBe(one.Path, "it is watched");
        (_cache.Store.HasSynced, _manager.HasSynced).ShouldBe((false, false));
        await other.ReplyAsync(200, Wire.List(5));

        await Eventually.See("in sync", () => _cache.Store.HasSynced && _manager.HasSynced);
        await _stop.CancelAsync();
        await running;
    }

    [Fact]
    public void Tells_a_handler_of_what_is_there_and_of_changes_in_every_namespace()
    {
        Observe("a", "before");
        var told = new List<string>();
        _cache.OnChange(change => told.Add(NamespacedName.Of(change.Latest).ToString()));

        Observe("b", "after");
        Observe("a", "after");

        told.ShouldBe(["a/before", "b/after", "a/after"]);
    }

    [Fact]
    public async Task Calls_a_handler_once_at_a_time_although_each_namespace_feeds_on_its_own()
    {
        var (inside, together) = (0, 0);
        _cache.OnChange(_ =>
        {
            if (Interlocked.Increment(ref inside) > 1)
            {
                Interlocked.Increment(ref together);
            }

            Thread.Yield();
            Interlocked.Decrement(ref inside);
        });

        await Task.WhenAll(Namespaces.Select(name => Task.Run(() =>
        {
            for (var number = 0; number < 5000; number++)
            {
                Observe(name, $"w{number}");
            }
        })));

        together.ShouldBe(0);
        _cache.Store.Count.ShouldBe(10_000);
    }

    private static IEnumerable<string> Names(IEnumerable<Widget> widgets) => widgets.Select(widget => NamespacedName.Of(widget).ToString());

    private void Observe(string @namespace, string name, int size = 0) =>
        _manager.Informer<Widget>(new InformerScope { Namespace = @namespace })
            .Observe(Widget.Named(name, 10, $"{@namespace}-{name}", size).With(metadata => metadata with { Namespace = @namespace }));
}
