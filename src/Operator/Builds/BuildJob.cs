using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Kubernetes.Resources;

namespace Slipway.Operator.Builds;

/// <summary>
/// The Job that builds and pushes a release's image, as it must be: a pure function of the request and the configuration. Its
/// name is the release's own, so that it exists once however often it is created.
/// </summary>
public static class BuildJob
{
    private const int LongestName = 63;

    /// <summary>The Deployment's name as far as there is room, and eight hexadecimal digits that stand for its UID.</summary>
    public static string NameOf(string deployment, string uid)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(uid)))[..8];
        var room = LongestName - hash.Length - 1;
        // A name may have dots, which a pod's host name may not end a label with; a cut one may end anywhere.
        var stem = (deployment.Length > room ? deployment[..room] : deployment).TrimEnd('-', '.');
        return $"{stem}-{hash}";
    }

    public static V1Job Manifest(BuildRequest request, BuildOptions options)
    {
        var labels = Labels(request);
        return new V1Job
        {
            Metadata = new ObjectMeta
            {
                Name = NameOf(request.Deployment, request.Uid),
                Namespace = request.Namespace,
                Labels = labels,
                OwnerReferences = [OwnerOf(request)],
            },
            Spec = new V1JobSpec
            {
                // A build that failed is for a person to look at; the ledger, which survives restarts, has the deadline.
                BackoffLimit = 0,
                Template = Json(new JsonObject
                {
                    ["metadata"] = new JsonObject
                    {
                        ["labels"] = new JsonObject(labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))),
                    },
                    ["spec"] = BuildPod.Spec(request, options),
                }),
            },
        };
    }

    private static Dictionary<string, string> Labels(BuildRequest request) => new()
    {
        [WellKnown.Labels.ManagedBy] = WellKnown.FieldManager,
        [WellKnown.Labels.BuildOf] = request.Stack,
        [WellKnown.Labels.Release] = request.Deployment,
        [WellKnown.Labels.Version] = request.Version.ToString(),
    };

    private static OwnerReference OwnerOf(BuildRequest request) => new()
    {
        ApiVersion = Deployment.Type.ApiVersion,
        Kind = Deployment.Type.Kind,
        Name = request.Deployment,
        Uid = request.Uid,
        Controller = true,
    };

    private static JsonElement Json(JsonObject template)
    {
        using var document = JsonDocument.Parse(template.ToJsonString());
        return document.RootElement.Clone();
    }
}
