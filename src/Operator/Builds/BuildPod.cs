using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Operator.Builds;

/// <summary>The pod of a build: <c>source</c> and <c>build</c> one after the other, then <c>push</c>, over one workspace.</summary>
public static class BuildPod
{
    public const string Source = "source";
    public const string Build = "build";
    public const string Push = "push";

    internal static JsonObject Spec(BuildRequest request, BuildOptions options)
    {
        var spec = new JsonObject
        {
            ["restartPolicy"] = "Never",
            // A cancelled build has nothing to tidy up, and a shell that is process 1 does not hear SIGTERM.
            ["terminationGracePeriodSeconds"] = 1,
            ["automountServiceAccountToken"] = false,
            ["enableServiceLinks"] = false,
            ["initContainers"] = new JsonArray(
                Container(Source, SourceScript(request, options), request, options, Unprivileged()),
                BuildContainer(request, options)),
            ["containers"] = new JsonArray(Container(Push, options.Commands.Push, request, options, Unprivileged())),
            ["volumes"] = BuildVolumes.Of(request, options),
        };
        AddPlacement(spec, options);
        return spec;
    }

    private static void AddPlacement(JsonObject spec, BuildOptions options)
    {
        if (options.HostNetwork)
        {
            spec["hostNetwork"] = true;
        }

        if (options.ServiceAccountName is { } account)
        {
            spec["serviceAccountName"] = account;
        }

        if (options.PodSecurityContext is { } security)
        {
            spec["securityContext"] = Json(security);
        }

        if (options.NodeSelector is { } selector)
        {
            spec["nodeSelector"] = new JsonObject(selector.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)));
        }

        if (options.Tolerations is { Count: > 0 } tolerations)
        {
            spec["tolerations"] = new JsonArray([.. tolerations.Select(Json)]);
        }

        if (options.ImagePullSecrets is { Count: > 0 } secrets)
        {
            spec["imagePullSecrets"] = new JsonArray([.. secrets.Select(name => new JsonObject { ["name"] = name })]);
        }
    }

    private static string SourceScript(BuildRequest request, BuildOptions options) => request.Source switch
    {
        { Git: not null } => options.Commands.SourceGit,
        { Oci: not null } => options.Commands.SourceOci,
        { Archive: not null } => options.Commands.SourceArchive,
        _ => throw new ArgumentException($"{string.Join(", ", request.Source.Kinds())} is nothing that is built", nameof(request)),
    };

    private static JsonObject BuildContainer(BuildRequest request, BuildOptions options)
    {
        // buildah mounts what a build step sees; without privileges that takes a user namespace, which not every node has.
        var security = options.SecurityContext is { } configured ? Json(configured) : new JsonObject { ["privileged"] = true };
        var container = Container(Build, options.Commands.Build, request, options, security);
        if (options.Resources is { } resources)
        {
            container["resources"] = Json(resources);
        }

        return container;
    }

    private static JsonObject Container(string name, string script, BuildRequest request, BuildOptions options, JsonObject security) => new()
    {
        ["name"] = name,
        ["image"] = options.Image ?? throw new ArgumentException("there is no builder image", nameof(options)),
        ["imagePullPolicy"] = options.ImagePullPolicy,
        ["command"] = new JsonArray("/bin/sh", "-c", KubeletText.Literal(script)),
        ["env"] = BuildEnvironment.Of(name, request, options),
        ["securityContext"] = security,
        ["volumeMounts"] = BuildVolumes.Mounts(name, request, options),
        // Commit and digest come back through the file; what a failing step says is put there by its script.
        ["terminationMessagePolicy"] = "File",
    };

    private static JsonObject Unprivileged() => new()
    {
        ["allowPrivilegeEscalation"] = false,
        ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
    };

    internal static JsonObject Json(IReadOnlyDictionary<string, JsonElement> given) =>
        new(given.Select(member => KeyValuePair.Create(member.Key, JsonNode.Parse(member.Value.GetRawText()))));
}
