using System.Text.Json.Nodes;
using Slipway.Crds.Meta;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Requests;
using Slipway.Kubernetes.Transport;
using Slipway.Retry;

namespace Slipway.Kubernetes;

/// <summary>
/// Turns what our field manager created or updated into what it applied, by rewriting the managed fields under the
/// guard of the object's version.
/// </summary>
internal sealed class FieldOwnership(ApiTransport transport, ConflictRetry conflicts, string manager)
{
    /// <summary>Whether an object, as a server sent it, has nothing to adopt.</summary>
    public bool IsComplete(byte[] body) => ManagedFields.IsComplete(body, manager);

    /// <summary>Adopts until it is complete, and returns the object as the server then sent it.</summary>
    /// <param name="type">The object's kind.</param>
    /// <param name="key">The object's key.</param>
    /// <param name="known">The object as a server just sent it, or null to read it first.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<byte[]> AdoptAsync(ResourceType type, NamespacedName key, byte[]? known, CancellationToken cancellationToken) =>
        conflicts.RetryOnConflictAsync(
            type,
            key,
            async (attempt, token) =>
            {
                var body = attempt == 1 && known is not null ? known : await ReadAsync(type, key, token);
                return await AdoptOnceAsync(type, key, body, token);
            },
            cancellationToken);

    /// <summary>
    /// Applies what was just created, and gives up the claim of the creation. Controllers write a new object's status at once, so
    /// lost races are normal here; but whatever was applied meanwhile is newer than this and stays.
    /// </summary>
    /// <param name="type">The object's kind.</param>
    /// <param name="key">The object's key.</param>
    /// <param name="uid">The object's UID; another object of the name is left alone.</param>
    /// <param name="createdVersion">The version of its creation.</param>
    /// <param name="apply">Builds the apply for a version.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<byte[]> ClaimAsync(
        ResourceType type, NamespacedName key, string uid, string createdVersion, Func<string, ApiRequest> apply, CancellationToken cancellationToken) =>
        conflicts.RetryOnConflictAsync(
            type,
            key,
            async (attempt, token) =>
            {
                var body = attempt == 1 ? null : await ReadAsync(type, key, token);
                var metadata = body is null ? null : JsonNode.Parse(body)!["metadata"]!;
                if (metadata is not null && ((string?)metadata["uid"] != uid || ManagedFields.IsApplied(metadata["managedFields"], manager)))
                {
                    return await DisownAsync(type, key, uid, body!, token);
                }

                var applied = await transport.SendAsync(apply((string?)metadata?["resourceVersion"] ?? createdVersion), token);
                return await DisownAsync(type, key, uid, applied.Body, token);
            },
            cancellationToken);

    private async Task<byte[]> DisownAsync(ResourceType type, NamespacedName key, string uid, byte[] body, CancellationToken cancellationToken)
    {
        var metadata = JsonNode.Parse(body)!["metadata"]!;
        if (IsComplete(body) || (string?)metadata["uid"] != uid)
        {
            return body;
        }

        var patch = new JsonPatch()
            .Replace("/metadata/managedFields", ManagedFields.Disown(metadata["managedFields"]!.AsArray(), manager))
            .AtVersion((string)metadata["resourceVersion"]!);
        return (await transport.SendAsync(ResourceRequests.Patch(type, key, patch, manager), cancellationToken)).Body;
    }

    /// <summary>The same for the object as it is given; that it has changed since is a conflict.</summary>
    public async Task<byte[]> AdoptOnceAsync(ResourceType type, NamespacedName key, byte[] body, CancellationToken cancellationToken)
    {
        if (IsComplete(body))
        {
            return body;
        }

        var metadata = JsonNode.Parse(body)!["metadata"]!;
        var named = key with { Name = (string)metadata["name"]! };
        var patch = new JsonPatch()
            .Replace("/metadata/managedFields", ManagedFields.Adopt(metadata["managedFields"]!.AsArray(), manager))
            .AtVersion((string)metadata["resourceVersion"]!);
        var request = ResourceRequests.Patch(type, named, patch, manager);
        return (await transport.SendAsync(request, cancellationToken)).Body;
    }

    private async Task<byte[]> ReadAsync(ResourceType type, NamespacedName key, CancellationToken cancellationToken) =>
        (await transport.SendAsync(ResourceRequests.Get(type, key), cancellationToken)).Body;
}
