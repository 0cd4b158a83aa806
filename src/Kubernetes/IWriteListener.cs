using Slipway.Crds.Meta;

namespace Slipway.Kubernetes;

/// <summary>
/// Told of every write of a client that succeeded, before the write returns to its caller. Called from many threads; must be
/// quick and must not throw.
/// </summary>
public interface IWriteListener
{
    /// <summary>An object was created or changed: by this client, or by another to whom this one lost a race.</summary>
    /// <param name="resource">The object as the server answered it.</param>
    void Written<T>(T resource)
        where T : class, IResource<T>;

    /// <summary>An object is gone: it was deleted, or a write took away the last thing its deletion waited for.</summary>
    /// <param name="uid">Its UID; null when the server did not say which object of that name it was.</param>
    void Deleted<T>(NamespacedName key, string? uid)
        where T : class, IResource<T>;
}
