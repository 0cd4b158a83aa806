using Shouldly;
using Slipway.Operator;
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

        var comparison = new Comparison(Granted, await cluster.Requests.SeenAsync());

        comparison.Refused.ShouldBeEmpty();
        comparison.NotGranted.ShouldBeEmpty();
        comparison.Unused.ShouldBeEmpty();
        foreach (var permission in Granted)
        {
            comparison.Without(permission).NotGranted.ShouldNotBeEmpty($"{permission} would not be missed");
        }
    }
}
