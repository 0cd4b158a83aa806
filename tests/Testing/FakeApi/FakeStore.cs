using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.Testing.FakeApi;

/// <summary>
/// The objects and their history, under one counter of versions, with the rules of the real server: preconditions,
/// generations, finalizers, the status subresource. What it hands out is a copy.
/// </summary>
public sealed class FakeStore
{
    private static readonly Comparer<ResourceKey> Order = Comparer<ResourceKey>.Create(Compare);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Dictionary<ResourceKey, JsonObject> _objects = [];
    private readonly StoreHistory _history = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _version = 1000;
    private StoreReplica? _replica;
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
                return _history.Compacted;
            }
        }
    }

    /// <summary>Forgets the history up to now: versions read earlier are too old from here on.</summary>
    public void Compact()
    {
        lock (_gate)
        {
            // A version of its own, so that also whoever has just read everything is too late.
            _history.Forget(++_version);
        }
    }

    /// <summary>
    /// From now on the server's cache stays at what was true that many versions ago (or as long ago as is remembered): watches, and reads
    /// that name a version, see that and nothing later. Writes, and reads that want the latest state, are not affected.
    /// </summary>
    public void FreezeReplica(int lag = 0)
    {
        lock (_gate)
        {
            _replica = StoreReplica.At(Math.Max(_history.Compacted, _version - lag), _objects, _history);
        }
    }

    /// <summary>The cache catches up at once.</summary>
    public void ReleaseReplica()
    {
        lock (_gate)
        {
            _replica = null;
            Notify();
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

    public JsonObject? Find(ResourceKey key) => Find(key, asked: null);

    /// <summary>All objects of a kind as they are now.</summary>
    public IReadOnlyList<JsonObject> All(CollectionKey collection) =>
        [.. List(collection, @namespace: null, asked: null).Objects.Select(item => (JsonObject)item.DeepClone())];

    /// <param name="key">Which.</param>
    /// <param name="asked">Nothing for the latest state; a version for what the cache holds, if that is not older.</param>
    internal JsonObject? Find(ResourceKey key, string? asked)
    {
        lock (_gate)
        {
            return Read(asked).Objects.TryGetValue(key, out var found) ? (JsonObject)found.DeepClone() : null;
        }
    }

    /// <inheritdoc cref="Find(ResourceKey, string?)"/>
    internal (IReadOnlyList<JsonObject> Objects, long Version) List(CollectionKey collection, string? @namespace, string? asked)
    {
        lock (_gate)
        {
            var (all, version) = Read(asked);
            var found = all.Where(pair => pair.Key.Collection == collection && (@namespace is null || pair.Key.Namespace == @namespace));
            return ([.. found.OrderBy(pair => pair.Key, Order).Select(pair => pair.Value)], version);
        }
    }

    /// <summary>What the cache has of the time after a version, and a task that ends with the next change.</summary>
    internal (IReadOnlyList<StoredEvent> Events, long Version, Task Changed) Since(long version)
    {
        lock (_gate)
        {
            return ((_replica?.History ?? _history).Since(version), _replica?.Version ?? _version, _changed.Task);
        }
    }

    /// <summary>Null when the cache has reached the version; otherwise a task that ends with the next change.</summary>
    internal Task? Awaited(long version)
    {
        lock (_gate)
        {
            return (_replica?.Version ?? _version) >= version ? null : _changed.Task;
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
    public JsonObject Update(ResourceKey key, Func<JsonObject, JsonObject> change, string subresource = "", string? manager = "test")
    {
        lock (_gate)
        {
            var current = Require(key);
            var next = change((JsonObject)current.DeepClone());
            FakeRules.CheckPreconditions(key, current, next);
            next = FakeRules.Restrict(current, next, subresource);
            if (manager is not null)
            {
                FakeOwnership.RecordUpdate(current, next, manager, subresource);
            }

            FakeRules.CheckFinalizers(current, next);
            if (JsonNode.DeepEquals(current, next))
            {
                return (JsonObject)current.DeepClone();
            }

            FakeRules.CountGeneration(current, next);
            return next.IsTerminating() && next.Finalizers().Count == 0 ? Erase(key, next) : Commit(key, current, next);
        }
    }

    /// <summary>Deletes an object, or marks it when finalizers hold it.</summary>
    public JsonObject Delete(ResourceKey key, string? uid = null, string? version = null, bool foreground = false)
    {
        lock (_gate)
        {
            var current = Require(key);
            FakeRules.CheckDeletable(key, current, uid, version);
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

    private (IReadOnlyDictionary<ResourceKey, JsonObject> Objects, long Version) Read(string? asked)
    {
        if (string.IsNullOrEmpty(asked))
        {
            return (_objects, _version);
        }

        var (objects, version) = _replica is { } replica ? (replica.Objects, replica.Version) : (_objects, _version);
        return long.Parse(asked, CultureInfo.InvariantCulture) <= version
            ? (objects, version)
            : throw FakeRefusal.TooLarge(asked, version);
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
        Notify();
    }

    private void Notify()
    {
        var changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }

    private static int Compare(ResourceKey one, ResourceKey other) =>
        string.CompareOrdinal(one.ToString(), other.ToString());
}
