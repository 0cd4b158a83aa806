using System.Text.RegularExpressions;
using Slipway.Crds;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Operator.Deployments;
using Slipway.Operator.Registry;
using Slipway.Operator.Releases;

namespace Slipway.Operator.Builds;

/// <summary>
/// What is wrong with how a stack is built, or with a source. What passes can be handed to git and skopeo: no word of it can be
/// taken for an option, a refspec or another protocol.
/// </summary>
public static partial class BuildCheck
{
    private const int MostArgs = 64;
    private const int LongestArgs = 32 * 1024;

    public static StackProblem? Of(StackSpec stack)
    {
        if (stack.Build is not { } build)
        {
            return null;
        }

        var problem = SourcePath.Problem("spec.build.context", build.Context)
            ?? SourcePath.Problem("spec.build.dockerfile", build.Dockerfile)
            ?? OfArgs(build.Args ?? new Dictionary<string, string>())
            ?? OfRepository(build.Repository)
            ?? OfName("spec.build.registrySecret", build.RegistrySecret);
        return problem is null ? null : new StackProblem(Reasons.InvalidBuild, problem);
    }

    /// <summary>Sources that are not built are none of its business.</summary>
    public static SpecProblem? Of(ReleaseSource source)
    {
        var problem = source switch
        {
            { Git: { } git } => GitCheck.Problem(git)
                ?? SourcePath.Problem("spec.source.git.path", git.Path)
                ?? OfName("spec.source.git.secret", git.Secret),
            { Oci: { } oci } => OfReference(oci.Reference),
            { Archive: { } archive } => OfName("spec.source.archive.configMap", archive.ConfigMap),
            _ => null,
        };
        return problem is null ? null : new SpecProblem(Reasons.InvalidSpec, problem);
    }

    /// <summary>Why the operator as configured can build nothing for the stack; only its administrator can change that.</summary>
    public static SpecProblem? Of(BuildOptions options, StackBuild? build)
    {
        if (options.Image is null)
        {
            return new SpecProblem(
                Reasons.BuildNotConfigured, "the operator has no builder image: give it --builder-image, or release an image (spec.source.image)");
        }

        return options.Registry is null && build?.Repository is null
            ? new SpecProblem(
                Reasons.BuildNotConfigured, "there is no repository to push to: set spec.build.repository of the Stack, or give the operator --registry")
            : null;
    }

    private static string? OfArgs(IReadOnlyDictionary<string, string> args)
    {
        if (args.Keys.FirstOrDefault(name => !ArgName().IsMatch(name)) is { } wrong)
        {
            return $"spec.build.args has the name \"{wrong}\"; a name has letters, digits and _, and does not begin with a digit";
        }

        if (args.Any(arg => arg.Value.Contains('\0')))
        {
            return "spec.build.args has a value with a NUL character, which no program can be given";
        }

        var length = args.Sum(arg => arg.Key.Length + arg.Value.Length);
        return args.Count > MostArgs || length > LongestArgs
            ? $"spec.build.args has {args.Count} entries with {length} characters; at most {MostArgs} with {LongestArgs} are possible"
            : null;
    }

    private static string? OfRepository(string? repository)
    {
        if (repository is null)
        {
            return null;
        }

        return ImageReference.Parse(repository) is { Tag: null, Digest: null }
            ? null
            : $"spec.build.repository \"{repository}\" is no image repository; write [registry/]repository in lower case, without tag and digest";
    }

    private static string? OfReference(string reference) => ImageReference.Parse(reference) switch
    {
        null => $"spec.source.oci.reference \"{reference}\" is no artifact; write registry/repository@sha256:digest",
        { Digest: null } => $"spec.source.oci.reference \"{reference}\" has no digest; a tag may move: write registry/repository@sha256:digest",
        _ => null,
    };

    private static string? OfName(string field, string? name) =>
        name is null || ObjectName().IsMatch(name)
            ? null
            : $"{field} \"{name}\" is no object's name; it has a-z, 0-9, '-' and '.', and begins and ends with a letter or digit";

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex ArgName();

    [GeneratedRegex(@"^(?=.{1,253}\z)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex ObjectName();
}
