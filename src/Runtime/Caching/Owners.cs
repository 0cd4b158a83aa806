using Slipway.Crds.Meta;

namespace Slipway.Runtime.Caching;

/// <summary>From an owned object to the key of the owner that controls it.</summary>
public static class Owners
{
    /// <summary>The key of the controller owner if it is of kind <typeparamref name="TOwner"/>, of any version of its group; otherwise null.</summary>
    public static NamespacedName? ControllerKey<TOwner>(IResource? owned)
        where TOwner : class, IResource<TOwner> =>
        owned?.Metadata.Controller() is { } owner && owner.Kind == TOwner.Type.Kind && GroupOf(owner.ApiVersion) == TOwner.Type.Group
            ? new NamespacedName(TOwner.Type.Namespaced ? owned.Metadata.Namespace ?? "" : "", owner.Name)
            : null;

    /// <summary>The owners to wake: before and after the change, since a hand-over concerns both.</summary>
    public static IEnumerable<NamespacedName> ControllerKeys<TOwner, TOwned>(StoreChange<TOwned> change)
        where TOwner : class, IResource<TOwner>
        where TOwned : class, IResource<TOwned>
    {
        var before = ControllerKey<TOwner>(change.Old);
        var after = ControllerKey<TOwner>(change.New);
        if (before is { } old)
        {
            yield return old;
        }

        if (after is { } current && current != before)
        {
            yield return current;
        }
    }

    private static string GroupOf(string apiVersion) =>
        apiVersion.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? apiVersion[..slash] : "";
}
