using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Crds.V1Alpha1.Teams;
using Slipway.Ledger.Slugs;

namespace Slipway.Operator.Slugs;

/// <summary>Which slug an object asks for.</summary>
public static class SlugAsks
{
    public static SlugAsk Of(Stack stack) => new(
        SlugKind.Stack,
        stack.Spec.Slug,
        stack.Spec.DisplayName,
        $"{stack.Metadata.Namespace}-{stack.Metadata.Name}",
        stack.Status?.Slug);

    public static SlugAsk Of(Team team) =>
        new(SlugKind.Team, team.Spec.Slug, team.Spec.DisplayName, team.Metadata.Name!, team.Status?.Slug);
}
