using System.Collections.Concurrent;
using Slipway.Crds.Meta;

namespace Slipway.Kubernetes.Tests;

/// <summary>Remembers what it was told of writes.</summary>
internal sealed class RecordingWrites : IWriteListener
{
    private readonly ConcurrentQueue<string> _told = new();

    public IReadOnlyList<string> Told => [.. _told];

    public void Written<T>(T resource)
        where T : class, IResource<T> =>
        _told.Enqueue(Line(resource));

    public void Deleted<T>(NamespacedName key, string? uid)
        where T : class, IResource<T> =>
        _told.Enqueue($"{T.Type.Plural} {key.Name} {uid} is gone");

    public static string Line<T>(T resource)
        where T : class, IResource<T> =>
        $"{T.Type.Plural} {resource.Metadata.Name} {resource.Metadata.Uid} at {resource.Metadata.ResourceVersion}";
}
