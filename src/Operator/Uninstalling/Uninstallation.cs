using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Resources;
using Slipway.Operator.Stacks;
using Slipway.Retry;

namespace Slipway.Operator.Uninstalling;

/// <summary>
/// Takes the operator's hands off everything: workloads and Services no longer belong to a Stack, and no object waits for the
/// operator before it goes. A Stack keeps its finalizer until what it owns has been let go, so that a run that was cut off
/// anywhere is simply repeated.
/// </summary>
/// <param name="client">Of an admin; the operator's own role may not do all of this.</param>
/// <param name="retry">How often a lost race is run again.</param>
/// <param name="output">One line an object.</param>
/// <param name="dryRun">Only say what would be done.</param>
public sealed class Uninstallation(KubeClient client, ConflictRetry retry, TextWriter output, bool dryRun)
{
    /// <summary>Objects that were let go, or would be.</summary>
    public int Done { get; private set; }

    /// <summary>Objects that could not be; each has been reported.</summary>
    public int Failed { get; private set; }

    /// <exception cref="ApiException">The API server does not answer, or does not let us in; what is done is done.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await EachAsync<BareStack>(EndStackAsync, cancellationToken);
        await EachAsync<BareDeployment>(RemoveFinalizerAsync, cancellationToken);
        await EachAsync<BareEnvPatch>(RemoveFinalizerAsync, cancellationToken);
        await EachAsync<BareTeam>(RemoveFinalizerAsync, cancellationToken);
    }

    private async Task EndStackAsync(BareStack stack, CancellationToken cancellationToken)
    {
        await LetGoAsync<V1Deployment>(stack, Orphaning.LetGoOfWorkloadAsync, cancellationToken);
        await LetGoAsync<V1Service>(stack, Orphaning.LetGoOfServiceAsync, cancellationToken);
        await RemoveFinalizerAsync(stack, cancellationToken);
    }

    private async Task LetGoAsync<T>(
        BareStack stack, Func<KubeClient, ObjectMeta, CancellationToken, Task<bool>> letGo, CancellationToken cancellationToken)
        where T : class, IResource<T>
    {
        var key = NamespacedName.Of(stack);
        var controlled = dryRun
            ? (await client.GetAsync<T>(key, cancellationToken))?.Metadata.Controller()?.Uid == stack.Metadata.Uid
            : await retry.RetryOnConflictAsync(
                T.Type, key, (_, token) => letGo(client, stack.Metadata, token), cancellationToken);
        if (controlled)
        {
            Say(T.Type, key, "no longer owned by its Stack, runs on");
        }
    }

    private async Task RemoveFinalizerAsync<T>(T resource, CancellationToken cancellationToken)
        where T : class, IResource<T>
    {
        if (!resource.Metadata.HasFinalizer(WellKnown.Finalizer))
        {
            return;
        }

        if (!dryRun)
        {
            await Finalizers.RemoveAsync(client, resource, WellKnown.Finalizer, cancellationToken);
        }

        Say(T.Type, NamespacedName.Of(resource), "finalizer removed");
    }

    private async Task EachAsync<T>(Func<T, CancellationToken, Task> act, CancellationToken cancellationToken)
        where T : class, IResource<T>
    {
        foreach (var item in await ListAsync<T>(cancellationToken))
        {
            try
            {
                await act(item, cancellationToken);
            }
            catch (Exception error) when (error is ResourceVersionConflictException or ApiException { IsTransient: false, IsUnauthorized: false })
            {
                Complain(T.Type, NamespacedName.Of(item), error.Message);
            }
        }
    }

    /// <summary>Every object of a kind; none when the kind is not known any more.</summary>
    private async Task<List<T>> ListAsync<T>(CancellationToken cancellationToken)
        where T : class, IResource<T>
    {
        try
        {
            return await client.ListAllAsync<T>(
                new ListOptions(), skipped => Complain(T.Type, skipped.Key ?? new NamespacedName("?", "?"), skipped.Message), cancellationToken);
        }
        catch (ApiException error) when (error.IsNotFound)
        {
            output.WriteLine($"{T.Type.FullName}: no such kind in this cluster");
            return [];
        }
    }

    private void Say(ResourceType type, NamespacedName key, string what)
    {
        Done++;
        output.WriteLine($"{type.FullName} {key}: {what}");
    }

    private void Complain(ResourceType type, NamespacedName key, string message)
    {
        Failed++;
        output.WriteLine($"{type.FullName} {key}: FAILED: {message}");
    }
}
