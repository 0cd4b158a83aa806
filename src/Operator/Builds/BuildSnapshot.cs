using System.Text.Json;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Ledger;

namespace Slipway.Operator.Builds;

/// <summary>
/// What a release keeps of how it is built. Taken when it is admitted and kept in the ledger: a Job that is lost is made again from
/// the same, whatever the Stack says by then.
/// </summary>
public sealed record BuildSnapshot(ReleaseSource Source, StackBuild? Build)
{
    public static BuildSnapshot Parse(string json) =>
        JsonSerializer.Deserialize(json, OperatorJson.Default.BuildSnapshot)
        ?? throw new JsonException("the release's build in the ledger is null");

    public string ToJson() => JsonSerializer.Serialize(this, OperatorJson.Default.BuildSnapshot);

    /// <summary>The build of a release that is not pushed yet: until then its image reference is where it goes.</summary>
    public static BuildRequest RequestOf(ReleaseRow release, Deployment deployment, BuildOptions options)
    {
        var snapshot = Parse(release.Build!);
        var destination = release.ImageReference!;
        return new BuildRequest
        {
            Namespace = release.Namespace,
            Deployment = release.Name,
            Uid = deployment.Metadata.Uid!,
            Stack = release.StackName,
            Version = release.Version!.Value,
            Source = snapshot.Source,
            Build = snapshot.Build,
            Destination = destination,
            Insecure = BuildRequest.IsInsecure(destination, options),
        };
    }
}
