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

    private async Task<byte[]> AdoptOnceAsync(ResourceType type, NamespacedName key, byte[] body, CancellationToken cancellationToken)
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
