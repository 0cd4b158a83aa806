using System.Text.Json.Nodes;

namespace Slipway.Operator.Builds;

/// <summary>
/// The volumes of a build, and which container sees which: a Git login only the one that fetches, the registry's logins only
/// those that speak to it.
/// </summary>
internal static class BuildVolumes
{
    public const string Workspace = "workspace";
    public const string Git = "git";
    public const string Registry = "registry";
    public const string Archive = "archive";
    public const string Cache = "cache";

    public const string WorkspaceFolder = "/workspace";
    public const string GitFolder = "/slipway/git";
    public const string ArchiveFolder = "/slipway/archive";
    public const string CacheFolder = "/cache";
    public const string LoginFile = $"{RegistryFolder}/auth.json";

    private const string RegistryFolder = "/slipway/registry";

    public static JsonArray Of(BuildRequest request, BuildOptions options)
    {
        var volumes = new JsonArray(new JsonObject { ["name"] = Workspace, ["emptyDir"] = new JsonObject() });
        if (request.Source.Git?.Secret is { } git)
        {
            volumes.Add((JsonNode)Secret(Git, git));
        }

        if (request.Source.Archive is { } archive)
        {
            volumes.Add((JsonNode)new JsonObject { ["name"] = Archive, ["configMap"] = new JsonObject { ["name"] = archive.ConfigMap } });
        }

        if (request.Build?.RegistrySecret is { } registry)
        {
            var volume = Secret(Registry, registry);
            volume["secret"]!["items"] = new JsonArray(new JsonObject { ["key"] = ".dockerconfigjson", ["path"] = "auth.json" });
            volumes.Add((JsonNode)volume);
        }

        if (options.Cache is { } cache)
        {
            var volume = BuildPod.Json(cache);
            volume["name"] = Cache;
            volumes.Add((JsonNode)volume);
        }

        foreach (var volume in options.Volumes)
        {
            volumes.Add((JsonNode)BuildPod.Json(volume));
        }

        return volumes;
    }

    public static JsonArray Mounts(string container, BuildRequest request, BuildOptions options)
    {
        var mounts = new JsonArray(Mount(Workspace, WorkspaceFolder));
        if (container == BuildPod.Source && request.Source.Git?.Secret is not null)
        {
            mounts.Add((JsonNode)ReadOnly(Git, GitFolder));
        }

        if (container == BuildPod.Source && request.Source.Archive is not null)
        {
            mounts.Add((JsonNode)ReadOnly(Archive, ArchiveFolder));
        }

        if (HasLogins(container, request))
        {
            mounts.Add((JsonNode)ReadOnly(Registry, RegistryFolder));
        }

        if (container == BuildPod.Build && options.Cache is not null)
        {
            mounts.Add((JsonNode)Mount(Cache, CacheFolder));
        }

        foreach (var mount in options.Mounts)
        {
            mounts.Add((JsonNode)BuildPod.Json(mount));
        }

        return mounts;
    }

    /// <summary>The registry's logins: to push, to pull base images, and to fetch a source that is itself in a registry.</summary>
    public static bool HasLogins(string container, BuildRequest request) =>
        request.Build?.RegistrySecret is not null && (container != BuildPod.Source || request.Source.Oci is not null);

    // Readable for whichever user the container has; nobody else is in there.
    private static JsonObject Secret(string name, string secret) => new()
    {
        ["name"] = name,
        ["secret"] = new JsonObject { ["secretName"] = secret, ["defaultMode"] = 0b100_100_100 },
    };

    private static JsonObject Mount(string volume, string folder) => new() { ["name"] = volume, ["mountPath"] = folder };

    private static JsonObject ReadOnly(string volume, string folder)
    {
        var mount = Mount(volume, folder);
        mount["readOnly"] = true;
        return mount;
    }
}
