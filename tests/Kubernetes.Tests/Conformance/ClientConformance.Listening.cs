using Shouldly;
using Slipway.Kubernetes.Resources;
using Slipway.Kubernetes.Tests.Kinds;
using Xunit;

namespace Slipway.Kubernetes.Tests.Conformance;

/// <content>About those who want to know what was written.</content>
public abstract partial class ClientConformance
{
    [Fact]
    public async Task A_listener_hears_of_every_write_as_the_server_answered_it()
    {
        var listener = new RecordingWrites();
        using var subscription = Client.Subscribe(listener);

        Widget[] written =
        [
            await Client.CreateAsync(NewWidget("a"), None),
            await Client.PatchAsync<Widget>(Key("a"), new JsonPatch().Replace("/spec/size", 2), None),
            await Client.ReplaceStatusAsync((await Client.GetAsync<Widget>(Key("a"), None))!, new WidgetStatus { Phase = "Done" }, None),
            await Client.ApplyAsync(NewWidget("b"), None),
        ];

        listener.Told.ShouldBe(written.Select(RecordingWrites.Line));
    }

    [Fact]
    public async Task A_listener_hears_last_what_came_of_a_write_in_several_steps()
    {
        var listener = new RecordingWrites();
        using var subscription = Client.Subscribe(listener);

        var owned = await Client.CreateForApplyAsync(Map("a", ("k", "v")), None);
        listener.Told[^1].ShouldBe(RecordingWrites.Line(owned));
        await Client.CreateAsync(Map("b", ("k", "v")), None);
        var adopted = await Client.ApplyAsync(Map("b", ("other", "v")), None);
        listener.Told[^1].ShouldBe(RecordingWrites.Line(adopted));
    }

    [Fact]
    public async Task A_listener_hears_which_object_was_deleted()
    {
        var map = await Client.CreateAsync(Map("a"), None);
        var service = await Client.CreateAsync(
            new V1Service { Metadata = Meta("a"), Spec = new V1ServiceSpec { Ports = [new V1ServicePort { Port = 80 }] } }, None);
        var listener = new RecordingWrites();
        using var subscription = Client.Subscribe(listener);

        await Client.DeleteAsync<V1ConfigMap>(Key("a"), new DeleteOptions(), None);
        await Client.DeleteAsync<V1Service>(Key("a"), new DeleteOptions(), None);
        await Client.DeleteAsync<V1ConfigMap>(Key("a"), new DeleteOptions(), None);

        listener.Told.ShouldBe([$"configmaps a {map.Metadata.Uid} is gone", $"services a {service.Metadata.Uid} is gone"]);
    }

    [Fact]
    public async Task A_listener_hears_of_the_mark_of_an_object_that_is_held_and_of_its_end()
    {
        var held = await Client.CreateAsync(Held("tests.slipway.dev/one"), None);
        var listener = new RecordingWrites();
        using var subscription = Client.Subscribe(listener);

        await Client.DeleteAsync<V1ConfigMap>(Key("a"), new DeleteOptions(), None);
        var marked = (await Client.GetAsync<V1ConfigMap>(Key("a"), None))!;
        await Finalizers.RemoveAsync(Client, marked, "tests.slipway.dev/one", None);

        listener.Told.ShouldBe([RecordingWrites.Line(marked), $"configmaps a {held.Metadata.Uid} is gone"]);
    }

    [Fact]
    public async Task A_listener_hears_of_a_finalizer_that_somebody_else_has_added_already()
    {
        var stale = await Client.CreateAsync(Map("a"), None);
        var current = await Finalizers.AddAsync(Client, stale, "tests.slipway.dev/one", None);
        var listener = new RecordingWrites();
        using var subscription = Client.Subscribe(listener);

        await Finalizers.AddAsync(Client, stale, "tests.slipway.dev/one", None);

        listener.Told.ShouldBe([RecordingWrites.Line(current)]);
        await RemoveAllAsync();
    }

    [Fact]
    public async Task A_listener_hears_nothing_of_reads_and_refusals_and_after_its_time()
    {
        await Client.CreateAsync(Map("a"), None);
        var listener = new RecordingWrites();
        using (Client.Subscribe(listener))
        {
            await Client.GetAsync<V1ConfigMap>(Key("a"), None);
            await FailsAsync(() => Client.CreateAsync(Map("a"), None));
            await FailsAsync(() => Client.DeleteAsync<V1ConfigMap>(Key("a"), new DeleteOptions { Uid = "another" }, None));
        }

        await Client.CreateAsync(Map("b"), None);

        listener.Told.ShouldBeEmpty();
    }
}
