using Slipway.Crds.Meta;

namespace Slipway.Kubernetes.Requests;

/// <summary>The URL paths of a kind.</summary>
internal static class ResourcePath
{
    /// <summary>All objects of a kind, in one namespace or (null or empty) everywhere.</summary>
    public static string Collection(ResourceType type, string? @namespace)
    {
        var root = type.Group.Length == 0 ? $"/api/{type.Version}" : $"/apis/{type.Group}/{type.Version}";
        return type.Namespaced && !string.IsNullOrEmpty(@namespace)
            ? $"{root}/namespaces/{Uri.EscapeDataString(@namespace)}/{type.Plural}"
            : $"{root}/{type.Plural}";
    }

    /// <summary>One object, or a subresource of it.</summary>
    /// <exception cref="ArgumentException">The name is empty, or the namespace of a namespaced kind.</exception>
    public static string Object(ResourceType type, NamespacedName key, string? subresource)
    {
        Require(type, key);
        var path = $"{Collection(type, key.Namespace)}/{Uri.EscapeDataString(key.Name)}";
        return subresource is null ? path : $"{path}/{subresource}";
    }

    /// <summary>
    /// An empty name would turn a request for one object into one for all of them (a delete, of all), and an empty
    /// namespace would be answered with a bare 404.
    /// </summary>
    private static void Require(ResourceType type, NamespacedName key)
    {
        if (string.IsNullOrEmpty(key.Name))
        {
            throw new ArgumentException($"A {type.Kind} is named by its metadata.name, which is empty.", nameof(key));
        }

        RequireNamespace(type, key.Namespace);
    }

    public static void RequireNamespace(ResourceType type, string? @namespace)
    {
        if (type.Namespaced && string.IsNullOrEmpty(@namespace))
        {
            throw new ArgumentException($"A {type.Kind} lives in a namespace; set metadata.namespace.", nameof(@namespace));
        }
    }
}
