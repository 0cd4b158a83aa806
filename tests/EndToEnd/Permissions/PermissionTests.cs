using Shouldly;
using Slipway.Operator;
using Slipway.Testing;
using Xunit;

namespace Slipway.EndToEnd.Permissions;

/// <summary>
/// The operators' roles and what they are used for: every request that the API server has written down since the tests began, of which a
/// story here makes sure that there is one of each kind.
/// </summary>
[Collection(NodeCollection.Name)]
public sealed class PermissionTests(NodeCluster cluster)
{
    private static readonly IReadOnlyList<Permission> Granted =
        [.. Permission.Of(Rbac.Operator), .. Permission.Of(Rbac.OperatorAtHome, Rbac.Namespace)];

    [Fact]
    public async Task Operators_use_every_permission_that_they_have_and_need_no_other()
    {
        var slipway = await cluster.OperatorAsync();
        await using var scope = await cluster.NewNamespaceAsync();
        await new PermissionStory(cluster, scope, slipway).TellAsync();

        // The server writes down a watch when it ends.
        await cluster.UninstallAsync();
        await Eventually.See("every permission used", CompareAsync, comparison => !comparison.Unused.Any());

        var comparison = await CompareAsync();
        comparison.Refused.ShouldBeEmpty();
        comparison.NotGranted.ShouldBeEmpty();
        foreach (var permission in Granted)
        {
            comparison.Without(permission).NotGranted.ShouldNotBeEmpty($"{permission} would not be missed");
        }
    }

    private async Task<Comparison> CompareAsync() => new(Granted, await cluster.Requests.SeenAsync());
}
