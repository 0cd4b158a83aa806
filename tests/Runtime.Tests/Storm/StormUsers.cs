using System.Text.Json.Nodes;
using Slipway.Testing.FakeApi;

namespace Slipway.Runtime.Tests.Storm;

/// <summary>People, and the cluster's own controllers, who change widgets and gadgets. Nothing goes wrong with their requests.</summary>
internal sealed class StormUsers(FakeStore store, Random random)
{
    public const int Names = 100;
    private const string Foreground = "foregroundDeletion";
    private const string UserFinalizer = "storm.tests/user";

    public static readonly CollectionKey Widgets = new(Widget.Type.Group, Widget.Type.Plural);
    public static readonly CollectionKey Gadgets = new(Gadget.Type.Group, Gadget.Type.Plural);

    public static ResourceKey Of(CollectionKey collection, string name) => new(collection, "ns", name);

    public void CreateAll()
    {
        for (var name = 0; name < Names; name++)
        {
            Create(Of(Widgets, $"{name}"));
        }
    }

    public void Act()
    {
        var name = $"{random.Next(Names)}";
        var widget = Of(Widgets, name);
        if (store.Find(widget) is null)
        {
            Create(widget);
            return;
        }

        Try(() => ActOn(widget, Of(Gadgets, name)));
    }

    /// <summary>What the garbage collector does for a deletion in the foreground: first the dependents, then the object.</summary>
    public void CollectGarbage()
    {
        foreach (var widget in store.All(Widgets).Where(item => Finalizers(item).Contains(Foreground)))
        {
            var name = (string)widget["metadata"]!["name"]!;
            var uid = (string)widget["metadata"]!["uid"]!;
            var isOwned = store.Find(Of(Gadgets, name)) is { } gadget && (string?)gadget["metadata"]!["ownerReferences"]?[0]?["uid"] == uid;
            Try(() =>
            {
                if (isOwned)
                {
                    store.Delete(Of(Gadgets, name));
                }
                else
                {
                    Release(Of(Widgets, name), Foreground);
                }
            });
        }
    }

    private void ActOn(ResourceKey widget, ResourceKey gadget)
    {
        switch (random.Next(20))
        {
            case < 8:
                store.Update(widget, Changed(item => item["spec"] = new JsonObject { ["size"] = random.Next(1000) }));
                break;
            case < 10:
                store.Update(widget, Changed(item => item["metadata"]!["labels"] = new JsonObject { ["l"] = $"{random.Next(1000)}" }));
                break;
            case < 14:
                store.Delete(widget, foreground: random.Next(3) == 0);
                break;
            case < 16:
                store.Remove(widget);
                Create(widget);
                break;
            case 16:
                Release(widget, UserFinalizer);
                break;
            case 17:
                store.Delete(gadget);
                break;
            case 18:
                store.Update(gadget, Changed(item => item["metadata"]!["annotations"] = new JsonObject { ["meddled"] = "yes" }));
                break;
            default:
                CollectGarbage();
                break;
        }
    }

    private void Create(ResourceKey key)
    {
        var finalizers = new JsonArray();
        if (random.Next(3) == 0)
        {
            finalizers.Add(StormReconciler.Finalizer);
        }

        if (random.Next(10) == 0)
        {
            finalizers.Add(UserFinalizer);
        }

        store.Put(key, new JsonObject
        {
            ["apiVersion"] = Widget.Type.ApiVersion,
            ["kind"] = Widget.Type.Kind,
            ["metadata"] = finalizers.Count == 0 ? [] : new JsonObject { ["finalizers"] = finalizers },
            ["spec"] = new JsonObject { ["size"] = random.Next(1000) },
        });
    }

    private void Release(ResourceKey key, string finalizer) => store.Update(key, Changed(item =>
        item["metadata"]!["finalizers"] = new JsonArray([.. Finalizers(item).Where(name => name != finalizer).Select(name => (JsonNode)name)])));

    private static IEnumerable<string> Finalizers(JsonObject item) => item["metadata"]!["finalizers"]?.AsArray().Select(name => (string)name!) ?? [];

    private static Func<JsonObject, JsonObject> Changed(Action<JsonObject> change) => item =>
    {
        change(item);
        return item;
    };

    /// <summary>Somebody else may have been faster.</summary>
    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (FakeRefusal)
        {
        }
    }
}
