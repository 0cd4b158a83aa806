using Slipway.Crds.Meta;

namespace Slipway.Runtime.Caching;

/// <summary>Which changes are worth a reconcile. To those that ask what changed, births and deaths always are.</summary>
public static class Predicates
{
    /// <summary>
    /// The spec changed (a new generation), or metadata that a controller acts upon: labels, annotations, finalizers,
    /// owners, or the beginning of the deletion. Status writes, our own included, are not.
    /// </summary>
    public static bool SpecOrMetadataChanged<T>(StoreChange<T> change)
        where T : class, IResource<T> =>
        Differs(change, (before, after) =>
            before.Generation != after.Generation
            || before.DeletionTimestamp != after.DeletionTimestamp
            || !Same(before.Labels, after.Labels)
            || !Same(before.Annotations, after.Annotations)
            || !(before.Finalizers ?? []).SequenceEqual(after.Finalizers ?? [])
            || !(before.OwnerReferences ?? []).SequenceEqual(after.OwnerReferences ?? []));

    /// <summary>
    /// The spec changed, or the deletion began. Only for kinds whose generation the server counts: of others (ConfigMaps, Secrets)
    /// it never changes.
    /// </summary>
    public static bool GenerationChanged<T>(StoreChange<T> change)
        where T : class, IResource<T> => Differs(change, (before, after) => before.Generation != after.Generation);

    /// <summary>Anything changed at all: not so for what is merely reported again.</summary>
    public static bool ResourceVersionChanged<T>(StoreChange<T> change)
        where T : class, IResource<T> => Differs(change, (before, after) => before.ResourceVersion != after.ResourceVersion);

    public static bool LabelsChanged<T>(StoreChange<T> change)
        where T : class, IResource<T> => Differs(change, (before, after) => !Same(before.Labels, after.Labels));

    public static bool AnnotationsChanged<T>(StoreChange<T> change)
        where T : class, IResource<T> => Differs(change, (before, after) => !Same(before.Annotations, after.Annotations));

    /// <summary>What both find worth it.</summary>
    public static Func<StoreChange<T>, bool> And<T>(this Func<StoreChange<T>, bool> one, Func<StoreChange<T>, bool> other)
        where T : class => change => one(change) && other(change);

    /// <summary>What at least one finds worth it.</summary>
    public static Func<StoreChange<T>, bool> Or<T>(this Func<StoreChange<T>, bool> one, Func<StoreChange<T>, bool> other)
        where T : class => change => one(change) || other(change);

    /// <summary>What the other does not find worth it: of a predicate above, never a birth or a death.</summary>
    public static Func<StoreChange<T>, bool> Not<T>(this Func<StoreChange<T>, bool> predicate)
        where T : class => change => !predicate(change);

    /// <summary>A namesake is another object: its birth, not a change.</summary>
    private static bool Differs<T>(StoreChange<T> change, Func<ObjectMeta, ObjectMeta, bool> differ)
        where T : class, IResource<T> =>
        change is not { Old.Metadata: { } before, New.Metadata: { } after } || before.Uid != after.Uid || differ(before, after);

    private static bool Same(IReadOnlyDictionary<string, string>? one, IReadOnlyDictionary<string, string>? other) =>
        (one?.Count ?? 0) == (other?.Count ?? 0)
        && (one ?? new Dictionary<string, string>()).All(pair => other!.TryGetValue(pair.Key, out var value) && value == pair.Value);
}
