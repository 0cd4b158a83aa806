using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Crds.Meta;

namespace Slipway.Kubernetes;

/// <summary>The configuration that an apply sends.</summary>
internal static class ApplyBody
{
    /// <summary>The object as it is, with its preconditions made to say exactly this.</summary>
    public static byte[] Write<T>(T resource, string? version, string? uid)
        where T : class, IResource<T>
    {
        if (resource.Metadata.ResourceVersion == version && resource.Metadata.Uid == uid)
        {
            return JsonSerializer.SerializeToUtf8Bytes(resource, T.Json);
        }

        var body = JsonSerializer.SerializeToNode(resource, T.Json)!.AsObject();
        var metadata = body["metadata"]!.AsObject();
        Set(metadata, "resourceVersion", version);
        Set(metadata, "uid", uid);
        return System.Text.Encoding.UTF8.GetBytes(body.ToJsonString());
    }

    private static void Set(JsonObject metadata, string name, string? value)
    {
        if (value is null)
        {
            metadata.Remove(name);
        }
        else
        {
            metadata[name] = value;
        }
    }
}
