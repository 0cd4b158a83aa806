using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Kubernetes.Config;

namespace Slipway.Operator.Builds;

/// <summary>
/// The file of <c>--build-config</c>, as written. What belongs to a pod is passed through as it is; unknown names of our own
/// are errors, because a misspelt security context would otherwise be none.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record BuildFile
{
    public string? Image { get; init; }

    public string? ImagePullPolicy { get; init; }

    public IReadOnlyList<string>? ImagePullSecrets { get; init; }

    public BuildFileCommands? Commands { get; init; }

    public IReadOnlyDictionary<string, string>? Env { get; init; }

    public IReadOnlyDictionary<string, JsonElement>? Resources { get; init; }

    public IReadOnlyDictionary<string, JsonElement>? SecurityContext { get; init; }

    public IReadOnlyDictionary<string, JsonElement>? PodSecurityContext { get; init; }

    public bool HostNetwork { get; init; }

    public IReadOnlyDictionary<string, string>? NodeSelector { get; init; }

    public IReadOnlyList<IReadOnlyDictionary<string, JsonElement>>? Tolerations { get; init; }

    public string? ServiceAccountName { get; init; }

    public IReadOnlyDictionary<string, JsonElement>? Cache { get; init; }

    public IReadOnlyList<IReadOnlyDictionary<string, JsonElement>>? Volumes { get; init; }

    public IReadOnlyList<IReadOnlyDictionary<string, JsonElement>>? Mounts { get; init; }

    /// <exception cref="InvalidOptionException">The file cannot be read, or says something that is not understood.</exception>
    public static BuildFile Read(string path, string option)
    {
        try
        {
            return JsonSerializer.Deserialize(YamlFile.Read(path), OperatorJson.Default.BuildFile)!;
        }
        catch (JsonException error)
        {
            throw new InvalidOptionException($"{option}: {path}: {error.Path?.TrimStart('$', '.')}: {error.Message}");
        }
        catch (FormatException error)
        {
            throw new InvalidOptionException($"{option}: {error.Message}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOptionException($"{option}: {path} cannot be read: {error.Message}");
        }
    }
}

/// <summary>A shell script for each step; absent ones are the embedded ones.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record BuildFileCommands
{
    public string? SourceGit { get; init; }

    public string? SourceOci { get; init; }

    public string? SourceArchive { get; init; }

    public string? Build { get; init; }

    public string? Push { get; init; }
}
