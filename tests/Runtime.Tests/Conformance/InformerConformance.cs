using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Runtime.Caching;
using Xunit;

namespace Slipway.Runtime.Tests.Conformance;

/// <summary>
/// What the runtime's caches promise, whatever server feeds them. The fake server in all its ways and a real one must
/// both pass.
/// </summary>
public abstract partial class InformerConformance
{
    private const string Label = "set";
    private static readonly CancellationToken None = CancellationToken.None;

    protected abstract KubeClient Client { get; }

    /// <summary>Empty of our objects when a test begins.</summary>
    protected abstract string Namespace { get; }

    /// <summary>Whatever was read of gadgets before is too old from here on. It may remove them all.</summary>
    protected abstract Task ForgetGadgetsAsync();

    private InformerScope Ours => new() { Namespace = Namespace, LabelSelector = $"{Label}=ours" };

    [Fact]
    public async Task What_is_there_at_first_is_no_news()
    {
        await CreateAsync("a");
        await CreateAsync("b");
        await CreateAsync("c", set: "theirs");
        await using var listener = new Listener<V1ConfigMap>(Client, Ours);

        await listener.StartAsync();

        await listener.HearsInAnyOrderAsync("a was there", "b was there");
        listener.Cached.ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task A_life_is_heard_of_from_its_beginning_to_its_end()
    {
        await using var listener = new Listener<V1ConfigMap>(Client, Ours);
        await listener.StartAsync();

        var created = await CreateAsync("a");
        var patched = await Client.PatchAsync<V1ConfigMap>(Key("a"), new JsonPatch().Add("/data/k", "changed"), None);
        await DeleteAsync("a");

        await listener.HearsAsync("a begins", "a changes", "a ends");
        var (first, second, third) = (listener.Changes[0], listener.Changes[1], listener.Changes[2]);
        first.New!.Metadata.ResourceVersion.ShouldBe(created.Metadata.ResourceVersion);
        second.Old.ShouldBeSameAs(first.New);
        second.New!.Metadata.ResourceVersion.ShouldBe(patched.Metadata.ResourceVersion);
        second.New.Data!["k"].ShouldBe("changed");
        third.Old.ShouldBeSameAs(second.New);
        listener.Cached.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_happened_between_two_runs_is_heard_in_the_second()
    {
        await CreateAsync("gone");
        await CreateAsync("stays");
        await using var listener = new Listener<V1ConfigMap>(Client, Ours);
        await listener.StartAsync();
        await listener.HearsInAnyOrderAsync("gone was there", "stays was there");
        await listener.StopAsync();

        await DeleteAsync("gone");
        await CreateAsync("new");
        await listener.StartAsync();

        await listener.HearsInAnyOrderAsync("gone was there", "stays was there", "gone ends", "new begins");
        listener.Cached.ShouldBe(["new", "stays"]);
    }

    [Fact]
    public async Task What_the_server_has_forgotten_is_made_up_for_by_a_list_page_by_page()
    {
        await CreateGadgetAsync("gone");
        await using var listener = new Listener<Gadget>(Client, new InformerScope { Namespace = Namespace }, pageSize: 2);
        await listener.StartAsync();
        await listener.HearsAsync("gone was there");
        await listener.StopAsync();

        await Client.DeleteAsync<Gadget>(Key("gone"), new DeleteOptions(), None);
        await ForgetGadgetsAsync();
        string[] names = ["a", "b", "c", "d", "e"];
        foreach (var name in names)
        {
            await CreateGadgetAsync(name);
        }

        await listener.StartAsync();

        await listener.HearsInAnyOrderAsync(["gone was there", "gone ends", .. names.Select(name => $"{name} begins")]);
        listener.Cached.ShouldBe(names);
        listener.Observer.Lines.ShouldContain(line => line.StartsWith("watch failed", StringComparison.Ordinal) && line.Contains("410"));
    }

    [Fact]
    public async Task What_leaves_the_selection_ends_and_what_enters_it_begins()
    {
        await CreateAsync("a", set: "theirs");
        await using var listener = new Listener<V1ConfigMap>(Client, Ours);
        await listener.StartAsync();

        await RelabelAsync("a", "ours");
        await RelabelAsync("a", "theirs");
        await RelabelAsync("a", "ours");

        await listener.HearsAsync("a begins", "a ends", "a begins");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_namesake_is_another_life(bool whileStopped)
    {
        await CreateAsync("a");
        await using var listener = new Listener<V1ConfigMap>(Client, Ours);
        await listener.StartAsync();
        await listener.HearsAsync("a was there");
        if (whileStopped)
        {
            await listener.StopAsync();
        }

        await DeleteAsync("a");
        var second = await CreateAsync("a");
        if (whileStopped)
        {
            await listener.StartAsync();
        }

        await listener.HearsAsync("a was there", "a ends", "a begins");
        listener.Changes[2].New!.Metadata.Uid.ShouldBe(second.Metadata.Uid);
    }

    [Fact]
    public async Task A_finalizer_comes_and_goes_and_holds_the_end_back()
    {
        var created = await CreateAsync("a");
        await using var listener = new Listener<V1ConfigMap>(Client, Ours, predicate: Predicates.SpecOrMetadataChanged);
        await listener.StartAsync();

        var held = await Finalizers.AddAsync(Client, created, "tests.slipway.dev/one", None);
        await DeleteAsync("a");
        await listener.HearsAsync("a was there", "a changes", "a changes");
        await Finalizers.RemoveAsync(Client, held, "tests.slipway.dev/one", None);

        await listener.HearsAsync("a was there", "a changes", "a changes", "a ends");
        listener.Changes[1].New!.Metadata.HasFinalizer("tests.slipway.dev/one").ShouldBeTrue();
        listener.Changes[2].New!.Metadata.DeletionTimestamp.ShouldNotBeNull();
    }

    private NamespacedName Key(string name) => new(Namespace, name);

    private Task<V1ConfigMap> CreateAsync(string name, string set = "ours", params OwnerReference[] owners) => Client.CreateAsync(
        new V1ConfigMap
        {
            Metadata = new ObjectMeta
            {
                Name = name,
                Namespace = Namespace,
                Labels = new Dictionary<string, string> { [Label] = set },
                OwnerReferences = owners.Length == 0 ? null : owners,
            },
            Data = new Dictionary<string, string> { ["k"] = "v" },
        },
        None);

    private Task<Gadget> CreateGadgetAsync(string name) =>
        Client.CreateAsync(new Gadget { Metadata = new ObjectMeta { Name = name, Namespace = Namespace } }, None);

    private Task DeleteAsync(string name) => Client.DeleteAsync<V1ConfigMap>(Key(name), new DeleteOptions(), None);

    private Task RelabelAsync(string name, string set) =>
        Client.PatchAsync<V1ConfigMap>(Key(name), new JsonPatch().Replace($"/metadata/labels/{Label}", set), None);
}
