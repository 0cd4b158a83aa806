using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.Testing.FakeApi;

/// <summary>
/// The objects and their history, under one counter of versions, with the rules of the real server: preconditions,
/// generations, finalizers, the status subresource. What it hands out is a copy.
/// </summary>
public sealed class FakeStore
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly SortedDictionary<ResourceKey, JsonObject> _objects = new(Comparer<ResourceKey>.Create(Compare));
    private readonly List<StoredEvent> _history = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _version = 1000;
    private long _compacted;
    private int _names;

    internal FakeStore(TimeProvider time) => _time = time;

    /// <summary>The version of the last write.</summary>
    public long Version
    {
        get
        {
            lock (_gate)
            {
                return _version;
            }
        }
    }

    /// <summary>The version before which nothing can be watched any more.</summary>
    public long Compacted
    {
        get
        {
            lock (_gate)
            {
                return _compacted;
            }
        }
    }

    /// <summary>Forgets the history up to now: versions read earlier are too old from here on.</summary>
    public void Compact()
    {
        lock (_gate)
        {
            // A version of its own, so that also whoever has just read everything is too late.
            _compacted = ++_version;
            _history.Clear();
        }
    }

    /// <summary>Puts an object there as it is, status included, whether or not it exists.</summary>
    public JsonObject Put(ResourceKey key, JsonObject resource)
    {
        lock (_gate)
        {
            var next = (JsonObject)resource.DeepClone();
            if (_objects.TryGetValue(key, out var current))
            {
                FakeMetadata.KeepServerOwned(next, current);
            }
            else
            {
                Initialize(key, next);
            }

            return Commit(key, current, next);
        }
    }

    /// <summary>Removes an object at once, finalizers or not.</summary>
    public void Remove(ResourceKey key)
    {
        lock (_gate)
        {
            Erase(key, Require(key));
        }
    }

    public JsonObject? Find(ResourceKey key)
    {
        lock (_gate)
        {
            return _objects.TryGetValue(key, out var found) ? (JsonObject)found.DeepClone() : null;
        }
    }

    internal (IReadOnlyList<JsonObject> Objects, long Version) List(CollectionKey collection, string? @namespace)
    {
        lock (_gate)
        {
            var all = _objects.Where(pair => pair.Key.Collection == collection);
            var found = all.Where(pair => @namespace is null || pair.Key.Namespace == @namespace);
            return ([.. found.Select(pair => pair.Value)], _version);
        }
    }

    /// <summary>What happened after a version, and a task that ends with the next change.</summary>
    internal (IReadOnlyList<StoredEvent> Events, long Version, Task Changed) Since(long version)
    {
        lock (_gate)
        {
            return version < _compacted
                ? throw FakeRefusal.Gone(version, _compacted)
                : (_history.FindAll(entry => entry.Version > version), _version, _changed.Task);
        }
    }

    internal JsonObject Create(
        CollectionKey collection, string @namespace, JsonObject resource, string manager, string operation = "Update")
    {
        lock (_gate)
        {
            var next = (JsonObject)resource.DeepClone();
            var key = new ResourceKey(collection, @namespace, Name(next));
            if (_objects.ContainsKey(key))
            {
                throw FakeRefusal.AlreadyExists(key);
            }

            next.Remove("status");
            Initialize(key, next);
            FakeOwnership.RecordCreation(next, manager, operation);
            return Commit(key, null, next);
        }
    }

    /// <summary>Changes an object if it still fits the preconditions in what <paramref name="change"/> makes of it.</summary>
    /// <param name="key">Which.</param>
    /// <param name="change">Makes the next state from a copy of the current one.</param>
    /// <param name="subresource"><c>status</c>, or empty.</param>
    /// <param name="manager">To whom the changes are attributed; null when the change keeps the managed fields itself.</param>
    internal JsonObject Update(ResourceKey key, Func<JsonObject, JsonObject> change, string subresource, string? manager)
    {
        lock (_gate)
        {
            var current = Require(key);
            var next = change((JsonObject)current.DeepClone());
            CheckPreconditions(key, current, next);
            next = Restrict(current, next, subresource);
            if (manager is not null)
            {
                FakeOwnership.RecordUpdate(current, next, manager, subresource);
            }

            CheckFinalizers(current, next);
            if (JsonNode.DeepEquals(current, next))
            {
                return (JsonObject)current.DeepClone();
            }

            CountGeneration(current, next);
            return next.IsTerminating() && next.Finalizers().Count == 0 ? Erase(key, next) : Commit(key, current, next);
        }
    }

    /// <summary>Deletes an object, or marks it when finalizers hold it.</summary>
    internal JsonObject Delete(ResourceKey key, string? uid, string? version, bool foreground)
    {
        lock (_gate)
        {
            var current = Require(key);
            CheckDeletable(key, current, uid, version);
            if (current.IsTerminating())
            {
                return (JsonObject)current.DeepClone();
            }

            var next = (JsonObject)current.DeepClone();
            if (foreground)
            {
                var finalizers = next.Finalizers().Append("foregroundDeletion");
                next.Metadata()["finalizers"] = new JsonArray([.. finalizers.Select(name => (JsonNode)name)]);
            }

            if (next.Finalizers().Count == 0)
            {
                return Erase(key, current);
            }

            next.Metadata()["deletionTimestamp"] = FakeMetadata.Timestamp(_time.GetUtcNow());
            next.Metadata()["generation"] = (long)next.Metadata()["generation"]! + 1;
            return Commit(key, current, next);
        }
    }

    private JsonObject Require(ResourceKey key) => _objects.TryGetValue(key, out var found) ? found : throw FakeRefusal.NotFound(key);

    private string Name(JsonObject resource)
    {
        if (resource.MetadataText("name") is not { Length: > 0 })
        {
            var prefix = resource.MetadataText("generateName")
                ?? throw FakeRefusal.Invalid("metadata.name: Required value: name or generateName is required");
            resource.Metadata()["name"] = $"{prefix}{++_names:x5}";
        }

        return resource.MetadataText("name")!;
    }

    private void Initialize(ResourceKey key, JsonObject resource)
    {
        var metadata = resource.Metadata();
        metadata["name"] = key.Name;
        if (key.Namespace.Length > 0)
        {
            metadata["namespace"] = key.Namespace;
        }

        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["generation"] = 1L;
        metadata["creationTimestamp"] = FakeMetadata.Timestamp(_time.GetUtcNow());
    }

    private static void CheckPreconditions(ResourceKey key, JsonObject current, JsonObject next)
    {
        if (next.MetadataText("resourceVersion") is { Length: > 0 } version && version != current.MetadataText("resourceVersion"))
        {
            throw FakeRefusal.Changed(key);
        }

        if (next.MetadataText("uid") is { Length: > 0 } uid && uid != current.MetadataText("uid"))
        {
            throw FakeRefusal.AnotherUid(key, uid, current.MetadataText("uid"));
        }
    }

    /// <summary>The status is written through its subresource only, and nothing else is.</summary>
    private static JsonObject Restrict(JsonObject current, JsonObject next, string subresource)
    {
        var (kept, source) = subresource == "status" ? ((JsonObject)current.DeepClone(), next) : (next, current);
        FakeMetadata.Copy("status", source, kept);
        FakeMetadata.Copy("managedFields", next.Metadata(), kept.Metadata());
        FakeMetadata.KeepServerOwned(kept, current);
        FakeMetadata.Copy("resourceVersion", current.Metadata(), kept.Metadata());
        if (kept.Metadata()["finalizers"] is JsonArray { Count: 0 })
        {
            kept.Metadata().Remove("finalizers");
        }

        return kept;
    }

    private static void CheckFinalizers(JsonObject current, JsonObject next)
    {
        if (current.IsTerminating() && next.Finalizers().Except(current.Finalizers()).ToList() is { Count: > 0 } added)
        {
            throw FakeRefusal.Invalid(
                "metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, "
                + $"found new finalizers {string.Join(", ", added)}");
        }
    }

    private static void CountGeneration(JsonObject current, JsonObject next)
    {
        if (!JsonNode.DeepEquals(FakeMetadata.Specification(current), FakeMetadata.Specification(next)))
        {
            next.Metadata()["generation"] = (long)current.Metadata()["generation"]! + 1;
        }
    }

    private static void CheckDeletable(ResourceKey key, JsonObject current, string? uid, string? version)
    {
        if (uid is not null && uid != current.MetadataText("uid"))
        {
            throw FakeRefusal.AnotherUid(key, uid, current.MetadataText("uid"));
        }

        if (version is not null && version != current.MetadataText("resourceVersion"))
        {
            throw FakeRefusal.Conflict(key, $"Precondition failed: ResourceVersion in precondition: {version}");
        }
    }

    private JsonObject Commit(ResourceKey key, JsonObject? before, JsonObject next)
    {
        Stamp(next);
        _objects[key] = next;
        Remember(new StoredEvent(_version, key, before, next, Deleted: false));
        return (JsonObject)next.DeepClone();
    }

    private JsonObject Erase(ResourceKey key, JsonObject last)
    {
        var before = _objects[key];
        var gone = (JsonObject)last.DeepClone();
        Stamp(gone);
        _objects.Remove(key);
        Remember(new StoredEvent(_version, key, before, gone, Deleted: true));
        return (JsonObject)gone.DeepClone();
    }

    private void Stamp(JsonObject resource) =>
        resource.Metadata()["resourceVersion"] = (++_version).ToString(CultureInfo.InvariantCulture);

    private void Remember(StoredEvent entry)
    {
        _history.Add(entry);
        var changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }

    private static int Compare(ResourceKey one, ResourceKey other) =>
        string.CompareOrdinal(Path(one), Path(other));

    private static string Path(ResourceKey key) => $"{key.Collection.Group}/{key.Collection.Plural}/{key.Namespace}/{key.Name}";
}
