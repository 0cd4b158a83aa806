using System.Net;
using System.Text.Json.Nodes;
using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Resources;

namespace Slipway.Operator.Stacks;

/// <summary>
/// Lets go of what a stack owns, so that it outlives the stack: without its owner the garbage collector leaves it alone, and
/// a note lets a later stack of the name take it over.
/// </summary>
internal static class Orphaning
{
    /// <summary>
    /// Lets go of the workload, if that very stack controls it; first of the Secrets that its pods read, which would be missed when one
    /// of them starts again.
    /// </summary>
    /// <returns>Whether it was let go by this call.</returns>
    /// <exception cref="ApiException">With <see cref="ApiException.IsConflict"/> when something was changed meanwhile: read it again.</exception>
    public static async Task<bool> LetGoOfWorkloadAsync(KubeClient client, ObjectMeta stack, CancellationToken cancellationToken)
    {
        var key = KeyOf(stack, stack.Name!);
        if (await client.GetAsync<V1Deployment>(key, cancellationToken) is { } workload && workload.Metadata.Controller()?.Uid == stack.Uid)
        {
            foreach (var secret in EnvSecrets.ReadBy(workload))
            {
                await LetGoAsync<V1Secret>(client, stack, secret, cancellationToken);
            }
        }

        return await LetGoAsync<V1Deployment>(client, stack, stack.Name!, cancellationToken);
    }

    /// <summary>Lets go of the Service, if that very stack controls it.</summary>
    /// <returns>Whether it was let go by this call.</returns>
    /// <exception cref="ApiException">With <see cref="ApiException.IsConflict"/> when it was changed meanwhile: read it again.</exception>
    public static Task<bool> LetGoOfServiceAsync(KubeClient client, ObjectMeta stack, CancellationToken cancellationToken) =>
        LetGoAsync<V1Service>(client, stack, stack.Name!, cancellationToken);

    /// <summary>
    /// Takes over the Secrets that an orphaned workload reads, before a release of the new stack changes it: they go with this stack, and
    /// not before, since the pods of the former one read them until they are replaced.
    /// </summary>
    public static async Task TakeSecretsAsync(KubeClient client, Stack stack, V1Deployment orphan, CancellationToken cancellationToken)
    {
        foreach (var key in EnvSecrets.ReadBy(orphan).Select(name => KeyOf(stack.Metadata, name)))
        {
            if (await client.GetAsync<V1Secret>(key, cancellationToken) is not { } live
                || live.Metadata.Controller() is not null
                || live.Metadata.Annotation(WellKnown.Annotations.OrphanedFrom) != stack.Metadata.Name)
            {
                continue;
            }

            var owner = WorkloadManifest.OwnerOf(stack);
            var patch = new JsonPatch().Test("/metadata/uid", live.Metadata.Uid).Add("/metadata/ownerReferences", new JsonArray(new JsonObject
            {
                ["apiVersion"] = owner.ApiVersion,
                ["kind"] = owner.Kind,
                ["name"] = owner.Name,
                ["uid"] = owner.Uid,
                ["controller"] = true,
            }));
            await client.PatchAsync<V1Secret>(key, patch, cancellationToken);
        }
    }

    private static NamespacedName KeyOf(ObjectMeta stack, string name) => new(stack.Namespace ?? "", name);

    private static async Task<bool> LetGoAsync<T>(KubeClient client, ObjectMeta stack, string name, CancellationToken cancellationToken)
        where T : class, IResource<T>
    {
        var key = KeyOf(stack, name);
        if (await client.GetAsync<T>(key, cancellationToken) is not { } live || live.Metadata.Controller()?.Uid != stack.Uid)
        {
            return false;
        }

        try
        {
            await client.PatchAsync<T>(key, Patch(live.Metadata, stack), cancellationToken);
            return true;
        }
        catch (ApiException error) when (error.IsNotFound)
        {
            return false;
        }
        catch (ApiException error) when (error.IsInvalid)
        {
            // A test of the patch failed: somebody has changed its owners or its annotations in between.
            throw new ApiException(error.Message, (int)HttpStatusCode.Conflict, "Conflict", innerException: error);
        }
    }

    /// <summary>Says nothing of the object's version, which moves with every pod: only what is touched must be as it was read.</summary>
    private static JsonPatch Patch(ObjectMeta live, ObjectMeta stack)
    {
        var index = live.OwnerReferences!.ToList().FindIndex(owner => owner.Uid == stack.Uid);
        var patch = new JsonPatch()
            .Test("/metadata/uid", live.Uid)
            .Test($"/metadata/ownerReferences/{index}/uid", stack.Uid)
            .Remove($"/metadata/ownerReferences/{index}");
        return live.Annotations is { Count: > 0 }
            ? patch.Add(JsonPatch.Path("metadata", "annotations", WellKnown.Annotations.OrphanedFrom), stack.Name)
            : patch.Test("/metadata/annotations", null)
                .Add("/metadata/annotations", new JsonObject { [WellKnown.Annotations.OrphanedFrom] = stack.Name });
    }
}
