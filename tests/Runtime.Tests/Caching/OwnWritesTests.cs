using Shouldly;
using Slipway.Kubernetes;
using Slipway.Runtime.Caching;
using Slipway.Testing;
using Slipway.Testing.FakeApi;
using Xunit;

namespace Slipway.Runtime.Tests.Caching;

/// <summary>
/// Caches show what the client wrote as soon as the write returns. The watches are held up throughout, so that nothing but the
/// write itself can have told them.
/// </summary>
public sealed class OwnWritesTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly CancellationTokenSource _stop = new();
    private FakeApiServer _api = null!;
    private KubeClient _client = null!;
    private Manager _manager = null!;
    private Task _running = Task.CompletedTask;

    public async Task InitializeAsync()
    {
        _api = await FakeApiServer.StartAsync();
        _client = _api.NewClient();
        var impatient = new ReflectorOptions { MinBackoff = TimeSpan.FromMilliseconds(1), MaxBackoff = TimeSpan.FromMilliseconds(4) };
        _manager = new Manager(_client, new ManagerOptions { Reflector = impatient }, new RecordingObserver(), TimeProvider.System, new Random(1));
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _manager.Dispose();
        _client.Dispose();
        await _api.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Shows_every_kind_of_write_at_once()
    {
        var cache = await StartAsync(InformerScope.All);

        var created = await _client.CreateAsync(New("a"), None);
        cache.Get(Widget.Key("a")).ShouldBe(created);
        var finalized = await Finalizers.AddAsync(_client, created, "tests.slipway.dev/one", None);
        cache.Get(Widget.Key("a"))!.Metadata.ResourceVersion.ShouldBe(finalized.Metadata.ResourceVersion);
        var reported = await _client.ReplaceStatusAsync(finalized, new WidgetStatus { Phase = "Done" }, None);
        cache.Get(Widget.Key("a"))!.Status!.Phase.ShouldBe("Done");
        await _client.PatchAsync<Widget>(Widget.Key("a"), new JsonPatch().Replace("/spec/size", 9), None);
        cache.Get(Widget.Key("a"))!.Spec!.Size.ShouldBe(9);
        await _client.ApplyAsync(New("b", size: 4), None);
        cache.Get(Widget.Key("b"))!.Spec!.Size.ShouldBe(4);
        var owned = await _client.CreateForApplyAsync(New("c"), None);
        cache.Get(Widget.Key("c"))!.Metadata.ResourceVersion.ShouldBe(owned.Metadata.ResourceVersion);
        reported.Metadata.Finalizers.ShouldBe(["tests.slipway.dev/one"]);
    }

    [Fact]
    public async Task Shows_deletes_at_once_and_the_mark_of_those_that_finalizers_hold()
    {
        var cache = await StartAsync(InformerScope.All);
        await _client.CreateAsync(New("plain"), None);
        await Finalizers.AddAsync(_client, await _client.CreateAsync(New("held"), None), "tests.slipway.dev/one", None);

        await _client.DeleteAsync<Widget>(Widget.Key("plain"), new DeleteOptions(), None);
        cache.Get(Widget.Key("plain")).ShouldBeNull();
        await _client.DeleteAsync<Widget>(Widget.Key("held"), new DeleteOptions(), None);
        var held = cache.Get(Widget.Key("held"))!;
        held.Metadata.DeletionTimestamp.ShouldNotBeNull();
        await Finalizers.RemoveAsync(_client, held, "tests.slipway.dev/one", None);
        cache.Get(Widget.Key("held")).ShouldBeNull();
    }

    [Fact]
    public async Task Wakes_handlers_once_for_a_write_and_not_again_when_the_watch_reports_it()
    {
        var informer = _manager.Informer<Widget>(InformerScope.All);
        var changes = 0;
        informer.OnChange(_ => Interlocked.Increment(ref changes));
        await StartAsync(InformerScope.All);
        await _client.CreateAsync(New("a"), None);
        await _client.PatchAsync<Widget>(Widget.Key("a"), new JsonPatch().Replace("/spec/size", 9), None);
        await _client.DeleteAsync<Widget>(Widget.Key("a"), new DeleteOptions(), None);
        changes.ShouldBe(3);

        _api.Faults.ResetSilencedWatches();
        _api.Store.Put(new ResourceKey(new CollectionKey(Widget.Type.Group, Widget.Type.Plural), "ns", "last"), Json(New("last")));

        await Eventually.See("the watch's last event", () => informer.Store.Get(Widget.Key("last")) is not null);
        await Eventually.See("its handlers", () => Volatile.Read(ref changes) >= 4);
        informer.Store.Count.ShouldBe(1);
        changes.ShouldBe(4);
    }

    [Fact]
    public async Task Takes_in_only_what_the_scope_selects()
    {
        var here = _manager.Informer<Widget>(new InformerScope { Namespace = "ns" }).Store;
        var elsewhere = _manager.Informer<Widget>(new InformerScope { Namespace = "other" }).Store;
        var blue = _manager.Informer<Widget>(new InformerScope { LabelSelector = "color=blue" }).Store;
        var byField = _manager.Informer<Widget>(new InformerScope { FieldSelector = "metadata.name=z" }).Store;
        var gadgets = _manager.Informer<Gadget>(InformerScope.All).Store;
        await StartAsync(InformerScope.All);

        await _client.CreateAsync(Colored("a", "blue"), None);
        await _client.CreateAsync(Colored("b", "red"), None);

        here.Count.ShouldBe(2);
        elsewhere.Count.ShouldBe(0);
        blue.List().ShouldHaveSingleItem().Metadata.Name.ShouldBe("a");
        byField.Count.ShouldBe(0);
        gadgets.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Loses_what_a_write_takes_out_of_the_selection_and_shows_it_again_when_one_brings_it_back()
    {
        var blue = await StartAsync(new InformerScope { LabelSelector = "color in (blue)" });
        await _client.CreateAsync(Colored("a", "blue"), None);
        blue.Count.ShouldBe(1);

        await PaintAsync("red");
        blue.Count.ShouldBe(0);
        await PaintAsync("blue");
        blue.Count.ShouldBe(1);
    }

    [Fact]
    public void Refuses_a_scope_whose_labels_it_could_not_decide_upon() =>
        Should.Throw<ArgumentException>(() => _manager.Informer<Widget>(new InformerScope { LabelSelector = "size>5" }));

    [Fact]
    public async Task Hears_of_nothing_any_more_when_the_manager_is_gone()
    {
        var cache = await StartAsync(InformerScope.All);
        await _stop.CancelAsync();
        await _running;
        _manager.Dispose();

        await _client.CreateAsync(New("a"), None);

        cache.Count.ShouldBe(0);
    }

    /// <summary>Starts the caches, and holds up the watches when all are in sync.</summary>
    private async Task<IStore<Widget>> StartAsync(InformerScope scope)
    {
        var informer = _manager.Informer<Widget>(scope);
        _running = _manager.RunAsync(_stop.Token);
        await Eventually.See("the caches in sync", () => _manager.HasSynced);
        _api.Faults.SilenceWatches();
        return informer.Store;
    }

    private Task<Widget> PaintAsync(string color) =>
        _client.PatchAsync<Widget>(Widget.Key("a"), new JsonPatch().Replace("/metadata/labels/color", color), None);

    private static Widget New(string name, int size = 0) => Widget.Named(name, 0, size: size).With(metadata => metadata with
    {
        Uid = null,
        ResourceVersion = null,
        Generation = null,
    });

    private static Widget Colored(string name, string color) =>
        New(name).With(metadata => metadata with { Labels = new Dictionary<string, string> { ["color"] = color } });

    private static System.Text.Json.Nodes.JsonObject Json(Widget widget) => System.Text.Json.Nodes.JsonNode.Parse(widget.ToJson())!.AsObject();
}
