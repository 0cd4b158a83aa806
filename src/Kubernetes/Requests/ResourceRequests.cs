using Slipway.Crds.Meta;

namespace Slipway.Kubernetes.Requests;

/// <summary>Builds every request the client makes. Pure: nothing here opens a connection.</summary>
internal static class ResourceRequests
{
    public const string JsonPatchType = "application/json-patch+json";

    /// <summary>The only media type of server-side apply that every server knows; JSON is YAML.</summary>
    public const string ApplyType = "application/apply-patch+yaml";

    public static ApiRequest Get(ResourceType type, NamespacedName key) =>
        new("get", HttpMethod.Get, ResourcePath.Object(type, key, null)) { Type = type, Key = key };

    public static ApiRequest List(ResourceType type, ListOptions options)
    {
        var query = new QueryString()
            .Add("labelSelector", options.LabelSelector)
            .Add("fieldSelector", options.FieldSelector)
            .Add("limit", options.Limit)
            .Add("continue", options.Continue);
        if (options.Continue is null)
        {
            // The token already holds the version; a server refuses both together.
            query.Add("resourceVersion", options.ResourceVersion).Add("resourceVersionMatch", options.ResourceVersionMatch);
        }

        return Collection("list", HttpMethod.Get, type, options.Namespace, query) with { ResourceVersion = options.ResourceVersion };
    }

    public static ApiRequest Watch(ResourceType type, WatchOptions options)
    {
        var query = new QueryString()
            .Add("watch", "true")
            .Add("labelSelector", options.LabelSelector)
            .Add("fieldSelector", options.FieldSelector)
            .Add("resourceVersion", options.ResourceVersion)
            .Add("timeoutSeconds", (int)Math.Ceiling(options.Timeout.TotalSeconds))
            .AddIf("allowWatchBookmarks", options.AllowBookmarks || options.SendInitialEvents)
            .AddIf("sendInitialEvents", options.SendInitialEvents)
            .Add("resourceVersionMatch", options.SendInitialEvents ? "NotOlderThan" : null);
        return Collection("watch", HttpMethod.Get, type, options.Namespace, query) with
        {
            ResourceVersion = options.ResourceVersion,
            IsWatch = true,
        };
    }

    public static ApiRequest Create(ResourceType type, NamespacedName key, byte[] body, string fieldManager)
    {
        ResourcePath.RequireNamespace(type, key.Namespace);
        var query = new QueryString().Add("fieldManager", fieldManager);
        return Collection("create", HttpMethod.Post, type, key.Namespace, query) with { Key = key, Body = body };
    }

    public static ApiRequest Apply(ResourceType type, NamespacedName key, byte[] body, string fieldManager, string? resourceVersion)
    {
        var query = new QueryString().Add("fieldManager", fieldManager).Add("force", "true");
        return Patch("apply", type, key, null, query) with
        {
            Body = body,
            ContentType = ApplyType,
            ResourceVersion = resourceVersion,
        };
    }

    public static ApiRequest Patch(ResourceType type, NamespacedName key, JsonPatch patch, string fieldManager, string? subresource = null)
    {
        var query = new QueryString().Add("fieldManager", fieldManager);
        var verb = subresource is null ? "patch" : $"patch {subresource} of";
        return Patch(verb, type, key, subresource, query) with
        {
            Body = patch.ToUtf8(),
            ContentType = JsonPatchType,
            ResourceVersion = patch.ResourceVersion,
        };
    }

    public static ApiRequest Delete(ResourceType type, NamespacedName key, DeleteOptions options) =>
        new("delete", HttpMethod.Delete, ResourcePath.Object(type, key, null))
        {
            Type = type,
            Key = key,
            Body = DeleteBody.Write(options),
            ResourceVersion = options.ResourceVersion,
        };

    public static ApiRequest Logs(ResourceType type, NamespacedName key, LogOptions options)
    {
        var query = new QueryString()
            .Add("container", options.Container)
            .Add("tailLines", options.TailLines)
            .Add("limitBytes", options.LimitBytes)
            .AddIf("previous", options.Previous);
        var path = ResourcePath.Object(type, key, "log") + query;
        return new ApiRequest("read the log of", HttpMethod.Get, path) { Type = type, Key = key, Accept = "*/*" };
    }

    public static ApiRequest Version() => new("get", HttpMethod.Get, "/version");

    private static ApiRequest Collection(string verb, HttpMethod method, ResourceType type, string? @namespace, QueryString query) =>
        new(verb, method, ResourcePath.Collection(type, @namespace) + query)
        {
            Type = type,
            Key = new NamespacedName(@namespace ?? "", ""),
        };

    private static ApiRequest Patch(string verb, ResourceType type, NamespacedName key, string? subresource, QueryString query) =>
        new(verb, HttpMethod.Patch, ResourcePath.Object(type, key, subresource) + query) { Type = type, Key = key };
}
