using System.Net;
using System.Text.Json.Nodes;
using Slipway.Crds.Meta;
using Slipway.Kubernetes.Faults;

namespace Slipway.Kubernetes;

/// <summary>
/// Adds and removes one finalizer and never touches another one's: the patch tests what it assumes, and whoever loses a
/// race reads again.
/// </summary>
public static class Finalizers
{
    /// <summary>Adds a finalizer, unless it is there already (then nothing is sent).</summary>
    /// <exception cref="ApiException">
    /// With <see cref="ApiException.IsNotFound"/> when the object is gone, or another one has its name; invalid when it is being
    /// deleted, for then nothing can be added.
    /// </exception>
    public static async Task<T> AddAsync<T>(KubeClient client, T resource, string finalizer, CancellationToken cancellationToken)
        where T : class, IResource<T>
    {
        var key = NamespacedName.Of(resource);
        return await client.Conflicts.RetryOnFailedTestAsync(T.Type, key, AddOnceAsync, cancellationToken);

        async Task<T> AddOnceAsync(int attempt, CancellationToken token)
        {
            var current = attempt == 1 ? resource : await ReadSameAsync(client, resource, key, token) ?? throw Gone<T>(key);
            return current.Metadata.HasFinalizer(finalizer)
                ? current
                : await client.PatchAsync<T>(key, Addition(current.Metadata, finalizer), token);
        }
    }

    /// <summary>
    /// Removes a finalizer, if it is there. Null when the object is gone afterwards, because this was the last thing it waited
    /// for, or was gone before.
    /// </summary>
    public static async Task<T?> RemoveAsync<T>(KubeClient client, T resource, string finalizer, CancellationToken cancellationToken)
        where T : class, IResource<T>
    {
        var key = NamespacedName.Of(resource);
        return await client.Conflicts.RetryOnFailedTestAsync<T?>(T.Type, key, RemoveOnceAsync, cancellationToken);

        async Task<T?> RemoveOnceAsync(int attempt, CancellationToken token)
        {
            var current = attempt == 1 ? resource : await ReadSameAsync(client, resource, key, token);
            return current?.Metadata.HasFinalizer(finalizer) != true
                ? current
                : await RemoveOnceFromAsync(client, current, finalizer, token);
        }
    }

    private static async Task<T?> RemoveOnceFromAsync<T>(
        KubeClient client, T current, string finalizer, CancellationToken cancellationToken)
        where T : class, IResource<T>
    {
        try
        {
            var after = await client.PatchAsync<T>(NamespacedName.Of(current), Removal(current.Metadata, finalizer), cancellationToken);
            return after.Metadata.HasEnded() ? null : after;
        }
        catch (ApiException error) when (error.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>The object as it is now, or null when it is gone, even if another one has its name.</summary>
    private static async Task<T?> ReadSameAsync<T>(KubeClient client, T resource, NamespacedName key, CancellationToken cancellationToken)
        where T : class, IResource<T> =>
        await client.RefreshAsync<T>(key, cancellationToken) is { } current && current.Metadata.Uid == resource.Metadata.Uid ? current : null;

    private static JsonPatch Addition(ObjectMeta metadata, string finalizer)
    {
        var patch = SameObject(metadata);
        return metadata.Finalizers is { Count: > 0 } present
            ? patch.Test("/metadata/finalizers", List(present)).Add("/metadata/finalizers/-", finalizer)
            : patch.Test("/metadata/finalizers", null).Add("/metadata/finalizers", List([finalizer]));
    }

    private static JsonPatch Removal(ObjectMeta metadata, string finalizer)
    {
        var path = $"/metadata/finalizers/{metadata.Finalizers!.ToList().IndexOf(finalizer)}";
        return SameObject(metadata).Test(path, finalizer).Remove(path);
    }

    private static JsonPatch SameObject(ObjectMeta metadata) => new JsonPatch().Test("/metadata/uid", metadata.Uid);

    private static JsonArray List(IEnumerable<string> finalizers) => [.. finalizers.Select(finalizer => (JsonNode?)finalizer)];

    private static ApiException Gone<T>(NamespacedName key)
        where T : class, IResource<T> =>
        new($"Could not add a finalizer to {T.Type.FullName} {key}: the object is gone", (int)HttpStatusCode.NotFound, "NotFound");
}
