using System.Text.Json.Nodes;

namespace Slipway.Testing.FakeApi;

/// <summary>What a server lets a write do to an object.</summary>
internal static class FakeRules
{
    public static void CheckPreconditions(ResourceKey key, JsonObject current, JsonObject next)
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
    public static JsonObject Restrict(JsonObject current, JsonObject next, string subresource)
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

    public static void CheckFinalizers(JsonObject current, JsonObject next)
    {
        if (current.IsTerminating() && next.Finalizers().Except(current.Finalizers()).ToList() is { Count: > 0 } added)
        {
            throw FakeRefusal.Invalid(
                "metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, "
                + $"found new finalizers {string.Join(", ", added)}");
        }
    }

    public static void CountGeneration(JsonObject current, JsonObject next)
    {
        if (!JsonNode.DeepEquals(FakeMetadata.Specification(current), FakeMetadata.Specification(next)))
        {
            next.Metadata()["generation"] = (long)current.Metadata()["generation"]! + 1;
        }
    }

    public static void CheckDeletable(ResourceKey key, JsonObject current, string? uid, string? version)
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
}
