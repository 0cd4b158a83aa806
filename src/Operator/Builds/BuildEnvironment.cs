using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Operator.Registry;

namespace Slipway.Operator.Builds;

/// <summary>What each container of a build is told: the only way by which a user's words reach a script. docs/builds.md lists it.</summary>
internal static class BuildEnvironment
{
    public static JsonArray Of(string container, BuildRequest request, BuildOptions options)
    {
        var own = Shared(request, options).Concat(container switch
        {
            BuildPod.Source => OfSource(request.Source),
            BuildPod.Build => OfBuild(request, options),
            _ => OfPush(request),
        });
        if (BuildVolumes.HasLogins(container, request))
        {
            own = own.Append(("REGISTRY_AUTH_FILE", BuildVolumes.LoginFile));
        }

        // The configuration may not displace the build's own, nor a name be there twice: server-side apply refuses that.
        var all = own.ToList();
        var more = options.Env.Where(pair => all.TrueForAll(variable => variable.Name != pair.Key)).Select(pair => (pair.Key, pair.Value));
        return new JsonArray([.. more.Concat(all).Select(Variable)]);
    }

    private static JsonNode Variable((string Name, string Value) variable) =>
        new JsonObject { ["name"] = variable.Name, ["value"] = KubeletText.Literal(variable.Value) };

    private static IEnumerable<(string Name, string Value)> Shared(BuildRequest request, BuildOptions options)
    {
        var insecure = options.InsecureRegistries.ToHashSet(StringComparer.Ordinal);
        if (request.Insecure && ImageReference.Parse(request.Destination) is { } destination)
        {
            insecure.Add(destination.Registry);
        }

        yield return ("SLIPWAY_WORKSPACE", BuildVolumes.WorkspaceFolder);
        yield return ("SLIPWAY_IMAGE", request.Destination);
        yield return ("SLIPWAY_VERSION", request.Version.ToString());
        yield return ("SLIPWAY_INSECURE_REGISTRIES", string.Join(',', insecure.Order(StringComparer.Ordinal)));
    }

    private static IEnumerable<(string Name, string Value)> OfSource(ReleaseSource source)
    {
        if (source.Git is { } git)
        {
            yield return ("SLIPWAY_GIT_URL", git.Url);
            yield return ("SLIPWAY_GIT_REVISION", git.Revision ?? "");
            yield return ("SLIPWAY_PATH", git.Path ?? "");
            yield return ("SLIPWAY_GIT_CREDENTIALS", git.Secret is null ? "" : BuildVolumes.GitFolder);
        }

        if (source.Oci is { } oci)
        {
            // skopeo refuses a tag beside a digest.
            var reference = ImageReference.Parse(oci.Reference);
            yield return ("SLIPWAY_OCI_REFERENCE", reference is null ? oci.Reference : $"{reference.Name}@{reference.Digest}");
        }

        if (source.Archive is not null)
        {
            yield return ("SLIPWAY_ARCHIVE", BuildVolumes.ArchiveFolder);
        }
    }

    private static IEnumerable<(string Name, string Value)> OfBuild(BuildRequest request, BuildOptions options)
    {
        yield return ("SLIPWAY_PATH", request.Source.Git?.Path ?? "");
        yield return ("SLIPWAY_CONTEXT", request.Build?.Context ?? "");
        yield return ("SLIPWAY_DOCKERFILE", request.Build?.Dockerfile ?? "");
        yield return ("SLIPWAY_CACHE", options.Cache is null ? "" : BuildVolumes.CacheFolder);
        var arguments = (request.Build?.Args ?? new Dictionary<string, string>()).OrderBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        yield return ("SLIPWAY_ARGS", arguments.Count.ToString(CultureInfo.InvariantCulture));
        foreach (var (index, argument) in arguments.Index())
        {
            yield return ($"SLIPWAY_ARG_{index.ToString(CultureInfo.InvariantCulture)}", $"{argument.Key}={argument.Value}");
        }
    }

    private static IEnumerable<(string Name, string Value)> OfPush(BuildRequest request)
    {
        yield return ("SLIPWAY_INSECURE", request.Insecure ? "true" : "false");
    }
}
