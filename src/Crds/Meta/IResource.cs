using System.Text.Json.Serialization.Metadata;

namespace Slipway.Crds.Meta;

/// <summary>Any Kubernetes object: what it calls itself, and its metadata.</summary>
public interface IResource
{
    string ApiVersion { get; }

    string Kind { get; }

    ObjectMeta Metadata { get; }
}

/// <summary>
/// A kind known at compile time. Type and JSON contract are static members, so that one generic client
/// serves every kind without reflection.
/// </summary>
public interface IResource<TSelf> : IResource
    where TSelf : class, IResource<TSelf>
{
    static abstract ResourceType Type { get; }

    static abstract JsonTypeInfo<TSelf> Json { get; }
}
