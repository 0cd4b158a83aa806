using Slipway.Crds;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Slipway.Ledger.Env;
using Slipway.Operator.Deployments;

namespace Slipway.Operator.EnvPatches;

/// <summary>The rules of an EnvPatch's spec, whatever its Secrets hold and whatever it is merged with.</summary>
public static class EnvPatchCheck
{
    private const int LongestName = 63;

    public static SpecProblem? Of(EnvPatch patch)
    {
        var name = patch.Metadata.Name ?? "";
        if (name.Length > LongestName)
        {
            return new SpecProblem(
                Reasons.InvalidName, $"the name {name} has {name.Length} characters; an EnvPatch's name has at most {LongestName}: use a shorter one");
        }

        var change = ChangeOf(patch.Spec, new Dictionary<string, string>());
        return EnvRules.Of(change) is { } problem && !(problem.Reason == EnvRules.EmptyPatch && patch.Spec.SetFrom is { Count: > 0 })
            ? new SpecProblem(problem.Reason, problem.Message)
            : null;
    }

    /// <summary>What the spec asks for.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="fromSecrets">The variables of its Secrets; what the spec itself sets wins.</param>
    public static EnvChange ChangeOf(EnvPatchSpec spec, IReadOnlyDictionary<string, string> fromSecrets)
    {
        var set = new Dictionary<string, string>(fromSecrets, StringComparer.Ordinal);
        foreach (var (key, value) in spec.Set ?? new Dictionary<string, string>())
        {
            set[key] = value;
        }

        return new EnvChange(set, spec.Unset ?? [], spec.Reset ?? []);
    }
}
