using Slipway.Crds.Meta;

namespace Slipway.Runtime.Caching;

/// <summary>Which changes are worth a reconcile. Births and deaths always are.</summary>
public static class Predicates
{
    /// <summary>
    /// The spec changed (a new generation), or metadata that a controller acts upon: labels, annotations, finalizers,
    /// owners, or the beginning of the deletion. Status writes, our own included, are not.
    /// </summary>
    public static bool SpecOrMetadataChanged<T>(StoreChange<T> change)
        where T : class, IResource<T> =>
        change is not { Old.Metadata: { } before, New.Metadata: { } after }
        || before.Uid != after.Uid
        || before.Generation != after.Generation
        || before.DeletionTimestamp != after.DeletionTimestamp
        || !Same(before.Labels, after.Labels)
        || !Same(before.Annotations, after.Annotations)
        || !(before.Finalizers ?? []).SequenceEqual(after.Finalizers ?? [])
        || !(before.OwnerReferences ?? []).SequenceEqual(after.OwnerReferences ?? []);

    private static bool Same(IReadOnlyDictionary<string, string>? one, IReadOnlyDictionary<string, string>? other) =>
        (one?.Count ?? 0) == (other?.Count ?? 0)
        && (one ?? new Dictionary<string, string>()).All(pair => other!.TryGetValue(pair.Key, out var value) && value == pair.Value);
}
