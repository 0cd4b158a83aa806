using System.Collections.Concurrent;
using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Retry;
using Slipway.Runtime.Caching;
using Slipway.Testing.FakeApi;

namespace Slipway.Runtime.Tests.Storm;

/// <summary>
/// Keeps one gadget for each widget, tells its size on the gadget and in the widget's status, cleans up by finalizer; and
/// objects when it is called twice at once for a key, or shown a state from before its own last write.
/// </summary>
internal sealed class StormReconciler : IReconciler
{
    public const string Finalizer = "storm.tests/cleanup";
    public const string SizeAnnotation = "storm.tests/size";

    private readonly KubeClient _client;
    private readonly Informer<Widget> _widgets;
    private readonly Informer<Gadget> _gadgets;
    private readonly FakeStore _server;
    private readonly Verdict _verdict;
    private readonly Random _random;
    private readonly StatusWriter<Widget, WidgetStatus> _statuses;
    private readonly ConcurrentDictionary<NamespacedName, bool> _running = new();
    private readonly ConcurrentDictionary<(string Kind, NamespacedName Key), ObjectMeta> _written = new();
    private readonly ConcurrentDictionary<NamespacedName, (string? Widget, string? Gadget)> _settled = new();

    public StormReconciler(
        KubeClient client, Informer<Widget> widgets, Informer<Gadget> gadgets, FakeStore server, Verdict verdict, TimeProvider time, int seed)
    {
        (_client, _widgets, _gadgets, _server, _verdict) = (client, widgets, gadgets, server, verdict);
        _random = new Random(seed);
        var retry = new ConflictRetry(new ConflictRetryOptions(), time, new Random(seed));
        _statuses = new StatusWriter<Widget, WidgetStatus>(client, retry);
    }

    /// <summary>The versions of widget and gadget that the last reconcile of a key that went well has seen.</summary>
    public (string? Widget, string? Gadget) Settled(NamespacedName key) => _settled.GetValueOrDefault(key);

    public static string PhaseOf(int size) => $"Sized {size}";

    public async Task<Next> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        _verdict.Require(_running.TryAdd(key, true), () => $"{key} was reconciled twice at once");
        try
        {
            var (widget, gadget) = (Read(_widgets, key), Read(_gadgets, key));
            MayFail();
            await ActAsync(key, widget, gadget, cancellationToken);
            _settled[key] = (widget?.Metadata.ResourceVersion, gadget?.Metadata.ResourceVersion);
            return Next.Settled;
        }
        finally
        {
            _running.TryRemove(key, out _);
        }
    }

    private Task ActAsync(NamespacedName key, Widget? widget, Gadget? gadget, CancellationToken cancellationToken) => widget switch
    {
        null => RemoveAsync(key, gadget, cancellationToken),
        { Metadata.DeletionTimestamp: not null } => CleanUpAsync(key, widget, gadget, cancellationToken),
        _ => ShapeAsync(key, widget, gadget, cancellationToken),
    };

    private async Task RemoveAsync(NamespacedName key, Gadget? gadget, CancellationToken cancellationToken)
    {
        if (gadget is not null)
        {
            await _client.DeleteAsync<Gadget>(key, new DeleteOptions { Uid = gadget.Metadata.Uid }, cancellationToken);
        }
    }

    private async Task CleanUpAsync(NamespacedName key, Widget widget, Gadget? gadget, CancellationToken cancellationToken)
    {
        if (!widget.Metadata.HasFinalizer(Finalizer))
        {
            return;
        }

        await RemoveAsync(key, gadget, cancellationToken);
        if (gadget is null && await Finalizers.RemoveAsync(_client, widget, Finalizer, cancellationToken) is { } released)
        {
            Remember(released);
        }
    }

    private async Task ShapeAsync(NamespacedName key, Widget widget, Gadget? gadget, CancellationToken cancellationToken)
    {
        var size = $"{widget.Spec!.Size}";
        if (gadget is null)
        {
            Remember(await _client.CreateAsync(NewGadget(key, widget, size), cancellationToken));
        }
        else if (gadget.Metadata.Controller()?.Uid != widget.Metadata.Uid)
        {
            await RemoveAsync(key, gadget, cancellationToken);
        }
        else if (gadget.Metadata.Annotation(SizeAnnotation) != size)
        {
            var annotations = new System.Text.Json.Nodes.JsonObject { [SizeAnnotation] = size };
            var patch = new JsonPatch().AtVersion(gadget.Metadata.ResourceVersion!).Add("/metadata/annotations", annotations);
            Remember(await _client.PatchAsync<Gadget>(key, patch, cancellationToken));
        }

        Remember(await _statuses.WriteAsync(widget, new WidgetStatus { Phase = PhaseOf(widget.Spec.Size) }, cancellationToken));
    }

    private static Gadget NewGadget(NamespacedName key, Widget widget, string size) => new()
    {
        Metadata = new ObjectMeta
        {
            Namespace = key.Namespace,
            Name = key.Name,
            Annotations = new Dictionary<string, string> { [SizeAnnotation] = size },
            OwnerReferences =
            [
                new OwnerReference
                {
                    ApiVersion = Widget.Type.ApiVersion, Kind = Widget.Type.Kind, Name = key.Name, Uid = widget.Metadata.Uid!, Controller = true,
                },
            ],
        },
    };

    private void Remember<T>(T written)
        where T : class, IResource<T> =>
        _written[(T.Type.Kind, NamespacedName.Of(written))] = written.Metadata;

    /// <summary>The cached object, which must not be from before our own last write to it.</summary>
    private T? Read<T>(Informer<T> informer, NamespacedName key)
        where T : class, IResource<T>
    {
        var cached = informer.Store.Get(key);
        if (_written.TryGetValue((T.Type.Kind, key), out var written))
        {
            var isStale = cached is null
                ? (string?)_server.Find(StormUsers.Of(new CollectionKey(T.Type.Group, T.Type.Plural), key.Name))?["metadata"]!["uid"] == written.Uid
                : ResourceVersions.IsLater(written.ResourceVersion, cached.Metadata.ResourceVersion);
            var shown = cached?.Metadata.ResourceVersion ?? "nothing";
            _verdict.Require(!isStale, () => $"{T.Type.Kind} {key}: reconciled from {shown} after writing {written.ResourceVersion}");
        }

        return cached;
    }

    private void MayFail()
    {
        lock (_random)
        {
            if (_random.Next(50) == 0)
            {
                throw new InvalidOperationException("a bug of the reconciler");
            }
        }
    }
}
