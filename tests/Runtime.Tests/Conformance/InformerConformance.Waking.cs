using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Runtime.Caching;
using Slipway.Testing;
using Xunit;

namespace Slipway.Runtime.Tests.Conformance;

/// <content>About what wakes a controller.</content>
public abstract partial class InformerConformance
{
    [Fact]
    public async Task Whatever_becomes_of_an_owned_object_wakes_its_owner()
    {
        var owner = await CreateAsync("owner", set: "theirs");
        var reconciler = new ScriptedReconciler(() => Next.Settled);
        using var manager = new Manager(Client, new ManagerOptions(), new RecordingObserver(), TimeProvider.System, new Random(1));
        manager.AddController("owners", reconciler, new ControllerOptions())
            .Owns<V1ConfigMap, V1ConfigMap>(manager.Informer<V1ConfigMap>(Ours));
        using var stop = new CancellationTokenSource();
        var running = manager.RunAsync(stop.Token);
        await Eventually.See("the cache is in sync", () => manager.HasSynced);

        await CreateAsync("owned", owners: Owner(owner));
        (await reconciler.BegunAsync()).ShouldBe(Key("owner"));
        await Client.PatchAsync<V1ConfigMap>(Key("owned"), new JsonPatch().Replace("/data/k", "changed"), None);
        (await reconciler.BegunAsync()).ShouldBe(Key("owner"));
        await DeleteAsync("owned");
        (await reconciler.BegunAsync()).ShouldBe(Key("owner"));

        await stop.CancelAsync();
        await running.WaitAsync(Eventually.Patience);
    }

    [Fact]
    public async Task A_status_write_wakes_nobody_who_asked_for_spec_and_metadata_only()
    {
        await using var all = new Listener<Widget>(Client, new InformerScope { Namespace = Namespace });
        await using var selective = new Listener<Widget>(
            Client, new InformerScope { Namespace = Namespace }, predicate: Predicates.SpecOrMetadataChanged);
        await all.StartAsync();
        await selective.StartAsync();

        var created = await Client.CreateAsync(
            new Widget { Metadata = new ObjectMeta { Name = "w", Namespace = Namespace }, Spec = new WidgetSpec { Size = 1 } }, None);
        await Client.ReplaceStatusAsync(created, new WidgetStatus { Phase = "Ready" }, None);
        await Client.PatchAsync<Widget>(Key("w"), new JsonPatch().Replace("/spec/size", 2), None);

        await all.HearsAsync("w begins", "w changes", "w changes");
        await selective.HearsAsync("w begins", "w changes");
        selective.Changes[1].ShouldSatisfyAllConditions(
            change => change.Old!.Status!.Phase.ShouldBe("Ready"),
            change => change.New!.Spec!.Size.ShouldBe(2));
    }

    private static OwnerReference Owner(V1ConfigMap owner) => new()
    {
        ApiVersion = V1ConfigMap.Type.ApiVersion,
        Kind = V1ConfigMap.Type.Kind,
        Name = owner.Metadata.Name!,
        Uid = owner.Metadata.Uid!,
        Controller = true,
    };
}
