using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Resources;
using Slipway.Ledger;
using Slipway.Ledger.Env;
using Slipway.Operator.Releases;

namespace Slipway.Operator.Stacks;

/// <summary>
/// Projects revisions of a stack's variables into Secrets that its pods read: one for each revision, never changed, and removed when no
/// release needs it. Which ones there are the ledger remembers, so that nobody needs the right to list Secrets.
/// </summary>
public sealed class EnvSecrets(KubeClient client, EnvLedger ledger)
{
    private const string Prefix = "slipway-env-";

    /// <summary>Secrets that were seen to be as they must, by name: UID and resourceVersion. What has not changed since need not be compared.</summary>
    private readonly ConcurrentDictionary<NamespacedName, (string? Uid, string? ResourceVersion)> _seen = new();

    public static string NameOf(EnvRevision revision) => NameOf(revision.StackUid, revision.Number);

    public static string NameOf(Guid stackUid, long number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{stackUid}-{number}");

    /// <summary>Whether a name is that of a Secret of ours.</summary>
    public static bool IsOne(string? name) => name?.StartsWith(Prefix, StringComparison.Ordinal) == true;

    /// <summary>Names of the Secrets of ours that a workload's pods read.</summary>
    public static IEnumerable<string> ReadBy(V1Deployment workload) => workload.Spec?.Template is { ValueKind: JsonValueKind.Object } template
        ? NamesIn(template).Distinct(StringComparer.Ordinal)
        : [];

    /// <summary>
    /// Makes sure that the Secrets are there that the workload is about to need, and the one that its present pods need: a container that
    /// starts again reads it again.
    /// </summary>
    /// <exception cref="EnvKeyUnavailableException">One is missing, and its values cannot be decrypted.</exception>
    public async Task EnsureAsync(Stack stack, StackState state, CancellationToken cancellationToken)
    {
        if (state.DesiredEnv is { } desired)
        {
            await EnsureAsync(stack, state.Stack, desired, cancellationToken);
        }

        if (state.Active?.EnvRevision is { } number && number != state.DesiredEnv?.Number
            && await ledger.FindRevisionAsync(state.Stack, number, cancellationToken) is { } active)
        {
            await EnsureAsync(stack, state.Stack, active, cancellationToken);
        }
    }

    /// <summary>
    /// Removes those that neither the active release nor one in flight needs. Another operator that makes one anew at this very moment makes
    /// it again at its next look.
    /// </summary>
    public async Task PruneAsync(Stack stack, StackRow row, CancellationToken cancellationToken)
    {
        if (row.EnvRevision is null)
        {
            return;
        }

        foreach (var revision in await ledger.ListObsoleteAsync(row, cancellationToken))
        {
            var key = new NamespacedName(stack.Metadata.Namespace!, NameOf(revision));
            await client.DeleteAsync<V1Secret>(key, new DeleteOptions(), cancellationToken);
            _seen.TryRemove(key, out _);
            await ledger.EndProjectionAsync(row, revision.Number, cancellationToken);
        }
    }

    private async Task EnsureAsync(Stack stack, StackRow row, EnvRevision revision, CancellationToken cancellationToken)
    {
        var key = new NamespacedName(stack.Metadata.Namespace!, NameOf(revision));
        var live = await client.GetAsync<V1Secret>(key, cancellationToken);
        if (live is not null && _seen.TryGetValue(key, out var seen) && seen == (live.Metadata.Uid, live.Metadata.ResourceVersion))
        {
            return;
        }

        var wanted = Manifest(stack, key, await ledger.ReadValuesAsync(row, revision.Number, cancellationToken));
        if (live is not null && IsAsWanted(live, wanted))
        {
            Remember(key, live);
            return;
        }

        if (live is not null)
        {
            await client.DeleteAsync<V1Secret>(key, new DeleteOptions { Uid = live.Metadata.Uid }, cancellationToken);
        }

        await ledger.BeginProjectionAsync(row, revision.Number, cancellationToken);
        Remember(key, await client.CreateUnchangingOrConflictAsync(wanted, cancellationToken));
    }

    private void Remember(NamespacedName key, V1Secret live) => _seen[key] = (live.Metadata.Uid, live.Metadata.ResourceVersion);

    private static V1Secret Manifest(Stack stack, NamespacedName key, IReadOnlyDictionary<string, string> values) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = key.Name,
            Namespace = key.Namespace,
            Labels = ReleaseLabels.Made(stack.Metadata.Name!),
            OwnerReferences = [WorkloadManifest.OwnerOf(stack)],
        },
        SecretType = "Opaque",
        Immutable = true,
        Data = values.ToDictionary(pair => pair.Key, pair => Encoding.UTF8.GetBytes(pair.Value)),
    };

    private static bool IsAsWanted(V1Secret live, V1Secret wanted) =>
        live.Immutable == true
        && live.Metadata.DeletionTimestamp is null
        && live.Metadata.Controller()?.Uid == wanted.Metadata.Controller()?.Uid
        && (live.Data?.Count ?? 0) == wanted.Data!.Count
        && wanted.Data.All(pair => live.Data!.TryGetValue(pair.Key, out var bytes) && bytes.AsSpan().SequenceEqual(pair.Value));

    private static IEnumerable<string> NamesIn(JsonElement template) =>
        from list in new[] { "initContainers", "containers" }
        where template.TryGetProperty("spec", out var spec) && spec.TryGetProperty(list, out _)
        from container in template.GetProperty("spec").GetProperty(list).EnumerateArray()
        where container.TryGetProperty("envFrom", out _)
        from source in container.GetProperty("envFrom").EnumerateArray()
        where source.TryGetProperty("secretRef", out _)
        let name = source.GetProperty("secretRef").TryGetProperty("name", out var value) ? value.GetString() : null
        where IsOne(name)
        select name;
}
