using System.Text.Json;
using Slipway.Operator.Registry;

namespace Slipway.Operator.Builds;

/// <summary>How images are built, for the whole operator: a file, and flags that win over it. docs/builds.md explains each.</summary>
public sealed record BuildOptions
{
    /// <summary>Names that a pod's volumes have by themselves.</summary>
    private static readonly string[] OwnVolumes = [BuildVolumes.Workspace, BuildVolumes.Git, BuildVolumes.Registry, BuildVolumes.Archive, BuildVolumes.Cache];

    /// <summary>Image with git, skopeo and buildah, or with what the commands need instead; null: nothing can be built.</summary>
    public string? Image { get; init; }

    /// <summary>Registry, or a path in one, of stacks without a repository of their own; null: each stack needs one.</summary>
    public string? Registry { get; init; }

    public IReadOnlySet<string> InsecureRegistries { get; init; } = new HashSet<string>();

    public string ImagePullPolicy { get; init; } = "IfNotPresent";

    /// <summary>Names of Secrets in the release's namespace that the builder image is pulled with.</summary>
    public IReadOnlyList<string> ImagePullSecrets { get; init; } = [];

    public BuildCommands Commands { get; init; } = new();

    /// <summary>More environment for all three containers, for example STORAGE_DRIVER or HTTPS_PROXY.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>Requests and limits of the container that builds.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Resources { get; init; }

    /// <summary>Security context of the container that builds; null for the default, which is privileged.</summary>
    public IReadOnlyDictionary<string, JsonElement>? SecurityContext { get; init; }

    public IReadOnlyDictionary<string, JsonElement>? PodSecurityContext { get; init; }

    /// <summary>The pod is in its node's network, and so reaches a registry on the node's loopback.</summary>
    public bool HostNetwork { get; init; }

    public IReadOnlyDictionary<string, string>? NodeSelector { get; init; }

    public IReadOnlyList<IReadOnlyDictionary<string, JsonElement>> Tolerations { get; init; } = [];

    /// <summary>Its token is not mounted; null for the namespace's default account.</summary>
    public string? ServiceAccountName { get; init; }

    /// <summary>A volume (without its name) that outlives the pod and keeps layers; null for no cache.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Cache { get; init; }

    public IReadOnlyList<IReadOnlyDictionary<string, JsonElement>> Volumes { get; init; } = [];

    /// <summary>Volume mounts of all three containers.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, JsonElement>> Mounts { get; init; } = [];

    /// <exception cref="InvalidOptionException">A flag or the file cannot be used.</exception>
    public static BuildOptions Read(OptionValues values, IReadOnlySet<string> insecureRegistries)
    {
        var file = values.Optional("--build-config") is { } path ? BuildFile.Read(path, values.Name("--build-config")) : new BuildFile();
        var options = Of(file) with
        {
            Image = values.Optional("--builder-image") ?? file.Image,
            Registry = values.Optional("--registry"),
            InsecureRegistries = insecureRegistries,
        };
        return options.Problem(values) is { } problem ? throw new InvalidOptionException(problem) : options;
    }

    private static BuildOptions Of(BuildFile file) => new()
    {
        ImagePullPolicy = file.ImagePullPolicy ?? "IfNotPresent",
        ImagePullSecrets = file.ImagePullSecrets ?? [],
        Commands = BuildCommands.Of(file.Commands ?? new BuildFileCommands()),
        Env = file.Env ?? new Dictionary<string, string>(),
        Resources = file.Resources,
        SecurityContext = file.SecurityContext,
        PodSecurityContext = file.PodSecurityContext,
        HostNetwork = file.HostNetwork,
        NodeSelector = file.NodeSelector,
        Tolerations = file.Tolerations ?? [],
        ServiceAccountName = file.ServiceAccountName,
        Cache = file.Cache,
        Volumes = file.Volumes ?? [],
        Mounts = file.Mounts ?? [],
    };

    private string? Problem(OptionValues values)
    {
        if (Image is not null && ImageReference.Parse(Image) is null)
        {
            return $"{values.Name("--builder-image")} \"{Image}\" is no image name; write [registry/]repository[:tag][@sha256:digest] in lower case";
        }

        if (Registry is not null && ImageReference.Parse($"{Registry}/namespace/name") is not { Tag: null })
        {
            return $"{values.Name("--registry")} \"{Registry}\" is no registry; write host, host:port or host/path, without a scheme";
        }

        if (ImagePullPolicy is not ("Always" or "IfNotPresent" or "Never"))
        {
            return $"{values.Name("--build-config")}: imagePullPolicy \"{ImagePullPolicy}\" is not one of Always, IfNotPresent, Never";
        }

        var taken = Volumes.Select(volume => volume.GetValueOrDefault("name")).Where(name => name.ValueKind == JsonValueKind.String)
            .FirstOrDefault(name => OwnVolumes.Contains(name.GetString()));
        return taken.ValueKind == JsonValueKind.String
            ? $"{values.Name("--build-config")}: volumes: the name \"{taken.GetString()}\" is the build's own; take another"
            : null;
    }
}
