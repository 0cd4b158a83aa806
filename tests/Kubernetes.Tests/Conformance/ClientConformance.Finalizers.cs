using Shouldly;
using Slipway.Kubernetes.Tests.Kinds;
using Xunit;

namespace Slipway.Kubernetes.Tests.Conformance;

/// <content>About finalizers, also when several hands are at them.</content>
public abstract partial class ClientConformance
{
    [Fact]
    public async Task A_finalizer_holds_an_object_until_it_is_removed()
    {
        var created = await Client.CreateAsync(Map("a"), None);
        var held = await Finalizers.AddAsync(Client, created, "tests.slipway.dev/one", None);
        held.Metadata.Finalizers.ShouldBe(["tests.slipway.dev/one"]);

        await Client.DeleteAsync<V1ConfigMap>(Key("a"), new DeleteOptions(), None);
        var terminating = (await Client.GetAsync<V1ConfigMap>(Key("a"), None))!;
        terminating.Metadata.DeletionTimestamp.ShouldNotBeNull();

        (await Finalizers.RemoveAsync(Client, terminating, "tests.slipway.dev/one", None)).ShouldBeNull();
        (await Client.GetAsync<V1ConfigMap>(Key("a"), None)).ShouldBeNull();
        (await Finalizers.RemoveAsync(Client, terminating, "tests.slipway.dev/one", None)).ShouldBeNull();
    }

    [Fact]
    public async Task Finalizers_added_at_once_are_all_there()
    {
        var created = await Client.CreateAsync(Map("a"), None);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(
            index => Finalizers.AddAsync(Client, created, $"tests.slipway.dev/f{index}", None)));

        (await Client.GetAsync<V1ConfigMap>(Key("a"), None))!.Metadata.Finalizers!.Order()
            .ShouldBe(["tests.slipway.dev/f0", "tests.slipway.dev/f1", "tests.slipway.dev/f2", "tests.slipway.dev/f3"]);
        await RemoveAllAsync();
    }

    [Fact]
    public async Task Removing_a_finalizer_by_a_stale_view_spares_the_others()
    {
        var created = await Client.CreateAsync(Held("tests.slipway.dev/one", "tests.slipway.dev/two", "tests.slipway.dev/three"), None);
        await Finalizers.RemoveAsync(Client, created, "tests.slipway.dev/one", None);

        var after = await Finalizers.RemoveAsync(Client, created, "tests.slipway.dev/two", None);
        after!.Metadata.Finalizers.ShouldBe(["tests.slipway.dev/three"]);
        var again = await Finalizers.AddAsync(Client, created, "tests.slipway.dev/four", None);

        again.Metadata.Finalizers.ShouldBe(["tests.slipway.dev/three", "tests.slipway.dev/four"]);
        await RemoveAllAsync();
    }

    [Fact]
    public async Task A_finalizer_is_not_added_to_another_object_of_the_same_name()
    {
        var first = await Client.CreateAsync(Map("a"), None);
        await Client.DeleteAsync<V1ConfigMap>(Key("a"), new DeleteOptions(), None);
        await Client.CreateAsync(Map("a"), None);

        (await FailsAsync(() => Finalizers.AddAsync(Client, first, "tests.slipway.dev/one", None))).IsNotFound.ShouldBeTrue();
        (await Client.GetAsync<V1ConfigMap>(Key("a"), None))!.Metadata.Finalizers.ShouldBeNull();
    }

    [Fact]
    public async Task A_finalizer_is_not_added_to_what_is_being_deleted()
    {
        var created = await Client.CreateAsync(Held("tests.slipway.dev/one"), None);
        await Client.DeleteAsync<V1ConfigMap>(Key("a"), new DeleteOptions(), None);

        (await FailsAsync(() => Finalizers.AddAsync(Client, created, "tests.slipway.dev/two", None))).IsInvalid.ShouldBeTrue();
        await RemoveAllAsync();
    }

    private V1ConfigMap Held(params string[] finalizers) => Map("a") with { Metadata = Meta("a") with { Finalizers = finalizers } };
}
