namespace Slipway.Testing.FakeApi;

/// <summary>A request's path, taken apart.</summary>
internal sealed record ApiPath(string ApiVersion, CollectionKey Collection, string? Namespace, string Name, string Subresource)
{
    public ResourceKey Key => new(Collection, Namespace ?? "", Name);

    public bool IsObject => Name.Length > 0;

    /// <summary>Null for a path that is no resource's.</summary>
    public static ApiPath? Parse(string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToArray();
        return segments switch
        {
            ["api", var version, .. var rest] when rest.Length > 0 => Parse("", version, rest),
            ["apis", var group, var version, .. var rest] when rest.Length > 0 => Parse(group, version, rest),
            _ => null,
        };
    }

    private static ApiPath Parse(string group, string version, string[] rest)
    {
        var @namespace = (string?)null;
        if (rest is ["namespaces", var inside, var plural, ..] && plural is not ("status" or "finalize"))
        {
            (@namespace, rest) = (inside, rest[2..]);
        }

        return new ApiPath(
            group.Length == 0 ? version : $"{group}/{version}",
            new CollectionKey(group, rest[0]),
            @namespace,
            rest.ElementAtOrDefault(1) ?? "",
            rest.ElementAtOrDefault(2) ?? "");
    }
}
