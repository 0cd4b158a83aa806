using System.Text.RegularExpressions;
using Slipway.Crds;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Operator.Builds;
using Slipway.Operator.Deployments;

namespace Slipway.Operator.Releases;

/// <summary>What is wrong with a Stack, so that it can take no release.</summary>
public sealed record StackProblem(string Reason, string Message);

/// <summary>The rules of a Stack that CEL says on newer servers, and those that CEL cannot say.</summary>
public static partial class StackCheck
{
    private const int LongestName = 63;

    public static StackProblem? Of(Stack stack)
    {
        var name = stack.Metadata.Name ?? "";
        if (name.Length > LongestName)
        {
            return new StackProblem(
                Reasons.InvalidName,
                $"the name {name} has {name.Length} characters; a Stack's name has at most {LongestName}, because the workload, its Service and labels carry it");
        }

        if (!ServiceName().IsMatch(name))
        {
            return new StackProblem(
                Reasons.InvalidName,
                $"the name {name} is no DNS label that begins with a letter (a-z, 0-9 and hyphens), as the Service of that name needs");
        }

        return ReleaseTemplate.Of(stack.Spec).Problem() is { } problem
            ? new StackProblem(Reasons.InvalidTemplate, problem)
            : BuildCheck.Of(stack.Spec);
    }

    /// <summary>What is wrong with the stack's own source. What others release is not concerned.</summary>
    public static StackProblem? OfSource(Stack stack) =>
        stack.Spec.Source is { } source && SpecCheck.OfSource(source.ToRelease()) is { } problem
            ? new StackProblem(Reasons.InvalidSource, problem.Message)
            : null;

    [GeneratedRegex(@"^[a-z]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex ServiceName();
}
