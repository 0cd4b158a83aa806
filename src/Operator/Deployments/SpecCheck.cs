using Slipway.Crds;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Operator.Registry;

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

        var kinds = deployment.Spec.Source.Kinds().ToList();
        return kinds.Count switch
        {
            0 => new SpecProblem(Reasons.InvalidSpec, "spec.source is empty; set exactly one of its fields, for example image"),
            1 => OfSource(deployment.Spec.Source, kinds[0]),
            _ => new SpecProblem(
                Reasons.InvalidSpec,
                $"spec.source has {kinds.Count} sources ({string.Join(", ", kinds)}); set exactly one of them in a new Deployment"),
        };
    }

    private static SpecProblem? OfSource(ReleaseSource source, string kind)
    {
        if (source.Image is null)
        {
            return new SpecProblem(
                Reasons.SourceNotSupported,
                $"spec.source.{kind} is not supported by this version of Slipway, which releases images: use spec.source.image");
        }

        return ImageReference.Parse(source.Image) is null
            ? new SpecProblem(
                Reasons.InvalidImage,
                $"spec.source.image \"{source.Image}\" is no image name; write [registry/]repository[:tag][@sha256:digest] in lower case")
            : null;
    }
}
