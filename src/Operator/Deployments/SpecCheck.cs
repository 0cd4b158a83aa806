using Slipway.Crds;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Operator.Builds;
using Slipway.Operator.Registry;
using Slipway.Operator.Releases;

namespace Slipway.Operator.Deployments;

/// <summary>What is wrong with a Deployment, whatever the cluster looks like.</summary>
public sealed record SpecProblem(string Reason, string Message);

/// <summary>
/// The rules of a Deployment's spec. CEL says them on newer servers before the object is stored; older servers drop CEL
/// silently, so they are checked here for everybody.
/// </summary>
public static class SpecCheck
{
    private const int LongestName = 63;

    public static SpecProblem? Of(Deployment deployment)
    {
        var name = deployment.Metadata.Name ?? "";
        if (name.Length > LongestName)
        {
            return new SpecProblem(
                Reasons.InvalidName,
                $"the name {name} has {name.Length} characters; a Deployment's name has at most {LongestName}: use a shorter one");
        }

        return OfSource(deployment.Spec.Source);
    }

    /// <summary>What is wrong with a source, of a Deployment or of a Stack.</summary>
    public static SpecProblem? OfSource(ReleaseSource source)
    {
        var kinds = source.Kinds().ToList();
        return kinds.Count switch
        {
            0 => new SpecProblem(Reasons.InvalidSpec, "spec.source is empty; set exactly one of its fields, for example image"),
            1 => OfKind(source),
            _ => new SpecProblem(
                Reasons.InvalidSpec,
                $"spec.source has {kinds.Count} sources ({string.Join(", ", kinds)}); set exactly one of them"),
        };
    }

    private static SpecProblem? OfKind(ReleaseSource source) => source switch
    {
        { Image: { } image } => ImageReference.Parse(image) is null
            ? new SpecProblem(
                Reasons.InvalidImage,
                $"spec.source.image \"{image}\" is no image name; write [registry/]repository[:tag][@sha256:digest] in lower case")
            : null,
        { Rollback: { } rollback } => source.RollbackTo() is null
            ? new SpecProblem(
                Reasons.InvalidSpec,
                $"spec.source.rollback.version \"{rollback.Version}\" is no version; write it as status.version shows it, for example 20261122.3")
            : null,
        { Current: not null } => null,
        _ => BuildCheck.Of(source),
    };
}
