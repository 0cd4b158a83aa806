using System.Text.Json.Nodes;

namespace Slipway.Testing.FakeApi;

/// <summary>Carries out creates, patches, applies, replacements and deletes.</summary>
internal sealed class WriteHandler(FakeStore store)
{
    /// <summary>The status code and the object to answer with.</summary>
    public (int Code, JsonObject Answer) Write(ApiPath path, RecordedRequest request) => request.Method switch
    {
        "POST" when !path.IsObject => (201, store.Create(path.Collection, path.Namespace ?? "", Body(request), Manager(request))),
        "PUT" when path.IsObject => Put(path, request),
        "PATCH" when path.IsObject => Patch(path, request),
        "DELETE" when path.IsObject => (200, Delete(path, request)),
        _ => throw new FakeRefusal(405, "MethodNotAllowed", "the server does not allow this method on the requested resource"),
    };

    private (int Code, JsonObject Answer) Put(ApiPath path, RecordedRequest request)
    {
        var body = Body(request);
        if (store.Find(path.Key) is not null)
        {
            return !IsOverwritable(path.Collection) && body.MetadataText("resourceVersion") is not { Length: > 0 }
                ? throw FakeRefusal.Invalid("metadata.resourceVersion: Invalid value: 0x0: must be specified for an update")
                : (200, Change(path, request, _ => body));
        }

        RefuseUid(path, body);
        return IsLease(path.Collection)
            ? (201, store.Create(path.Collection, path.Namespace ?? "", body, Manager(request)))
            : throw FakeRefusal.NotFound(path.Key);
    }

    private (int Code, JsonObject Answer) Patch(ApiPath path, RecordedRequest request) => request.ContentType switch
    {
        "application/json-patch+json" =>
            (200, Change(path, request, current => FakeJsonPatch.Apply(current, JsonNode.Parse(request.Body)!.AsArray()))),
        "application/merge-patch+json" => (200, Change(path, request, current => FakeJsonPatch.Merge(current, Body(request))!.AsObject())),
        "application/apply-patch+yaml" => Apply(path, Body(request), Manager(request)),
        _ => throw new FakeRefusal(415, "UnsupportedMediaType", $"the body of the request was in an unknown format: {request.ContentType}"),
    };

    private JsonObject Change(ApiPath path, RecordedRequest request, Func<JsonObject, JsonObject> change) =>
        store.Update(path.Key, change, path.Subresource, Manager(request));

    private (int Code, JsonObject Answer) Apply(ApiPath path, JsonObject configuration, string manager)
    {
        if (store.Find(path.Key) is not null)
        {
            var applied = store.Update(
                path.Key, current => FakeOwnership.Apply(current, configuration, manager), path.Subresource, manager: null);
            return (200, applied);
        }

        RefuseUid(path, configuration);
        return (201, store.Create(path.Collection, path.Namespace ?? "", configuration, manager, "Apply"));
    }

    /// <summary>Whether a replacement may leave the version out. Neither leases nor custom resources may be replaced blindly.</summary>
    private static bool IsOverwritable(CollectionKey collection) =>
        !IsLease(collection)
        && (!collection.Group.Contains('.', StringComparison.Ordinal) || collection.Group.EndsWith(".k8s.io", StringComparison.Ordinal));

    /// <summary>Leases alone of what we use are created by a replacement of nothing, whatever its version.</summary>
    private static bool IsLease(CollectionKey collection) => collection is { Group: "coordination.k8s.io", Plural: "leases" };

    /// <summary>As with the real server, a version alone does not keep a write of nothing from creating; a UID does.</summary>
    private static void RefuseUid(ApiPath path, JsonObject body)
    {
        if (body.MetadataText("uid") is { Length: > 0 } uid)
        {
            throw FakeRefusal.Conflict(
                path.Key, $"uid mismatch: the provided object specified uid {uid}, and no existing object was found");
        }
    }

    private JsonObject Delete(ApiPath path, RecordedRequest request)
    {
        var options = request.Body.Length == 0 ? [] : Body(request);
        return store.Delete(
            path.Key,
            (string?)options["preconditions"]?["uid"],
            (string?)options["preconditions"]?["resourceVersion"],
            (string?)options["propagationPolicy"] == "Foreground");
    }

    private static JsonObject Body(RecordedRequest request) => JsonNode.Parse(request.Body)!.AsObject();

    private static string Manager(RecordedRequest request) => request.Query.GetValueOrDefault("fieldManager", "unknown");
}
