using System.Text.Json.Nodes;
using Slipway.Crds.Meta;
using Slipway.Runtime.Caching;
using Slipway.Testing;
using Slipway.Testing.FakeApi;

namespace Slipway.Runtime.Tests.Storm;

/// <summary>Compares what caches, handlers and reconciler know with what the server holds.</summary>
internal sealed class StormCensus(
    FakeStore server, Informer<Widget> widgets, Informer<Gadget> gadgets, StormReconciler reconciler, Verdict verdict)
{
    private readonly StormWitness<Widget> _widgets = new(widgets, verdict);
    private readonly StormWitness<Gadget> _gadgets = new(gadgets, verdict);

    public IEnumerable<string> Differences() =>
    [
        .. Compare("cached widgets", StormUsers.Widgets, widgets.Store.List()),
        .. Compare("cached gadgets", StormUsers.Gadgets, gadgets.Store.List()),
        .. Compare("widgets heard of", StormUsers.Widgets, _widgets.Heard),
        .. Compare("gadgets heard of", StormUsers.Gadgets, _gadgets.Heard),
        .. Enumerable.Range(0, StormUsers.Names).SelectMany(name => Judge($"{name}")),
    ];

    private IEnumerable<string> Compare(string what, CollectionKey collection, IEnumerable<IResource> known)
    {
        var there = server.All(collection).Select(Line).ToHashSet();
        var here = known.Select(item => $"{NamespacedName.Of(item)} {item.Metadata.Uid} {item.Metadata.ResourceVersion}").ToHashSet();
        return [.. there.Except(here).Select(line => $"{what}: no {line}"), .. here.Except(there).Select(line => $"{what}: still {line}")];
    }

    /// <summary>What the reconciler should have done, and whether it has seen the last word on it.</summary>
    private IEnumerable<string> Judge(string name)
    {
        var widget = server.Find(StormUsers.Of(StormUsers.Widgets, name));
        var gadget = server.Find(StormUsers.Of(StormUsers.Gadgets, name));
        var seen = reconciler.Settled(Widget.Key(name));
        var latest = (widget?.Text("metadata.resourceVersion"), gadget?.Text("metadata.resourceVersion"));
        if (seen != latest)
        {
            yield return $"{name}: reconciled at {seen}, and it is at {latest}";
        }

        if (!IsShaped(widget, gadget))
        {
            yield return $"{name}: {widget?.ToJsonString()} has {gadget?.ToJsonString()}";
        }
    }

    private static bool IsShaped(JsonObject? widget, JsonObject? gadget)
    {
        if (widget is null)
        {
            return gadget is null;
        }

        if (widget["metadata"]!["deletionTimestamp"] is not null)
        {
            return !widget["metadata"]!["finalizers"]!.AsArray().Any(name => (string?)name == StormReconciler.Finalizer);
        }

        var size = (int)widget["spec"]!["size"]!;
        return (string?)widget["status"]?["phase"] == StormReconciler.PhaseOf(size)
            && (string?)gadget?["metadata"]!["annotations"]?[StormReconciler.SizeAnnotation] == $"{size}"
            && (string?)gadget["metadata"]!["ownerReferences"]?[0]?["uid"] == (string?)widget["metadata"]!["uid"];
    }

    private static string Line(JsonObject item) =>
        $"{item.Text("metadata.namespace")}/{item.Text("metadata.name")} {item.Text("metadata.uid")} {item.Text("metadata.resourceVersion")}";
}
