using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Slipway.Testing.Proxies;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

/// <summary>Two operators in one cluster, each restricted to namespaces of its own, with one ledger: teams and slugs are of both.</summary>
[Collection(ClusterCollection.Name)]
public sealed class RestrictedNeighboursTests(RestrictedWorld world) : IClassFixture<RestrictedWorld>, IAsyncLifetime
{
    private TestNamespace _home = null!;
    private RestrictedAccess _access = null!;
    private ApiProxy _proxy = null!;
    private OperatorProcess _neighbour = null!;

    public async Task InitializeAsync()
    {
        await world.StartAsync();
        _home = await world.Cluster.NewNamespaceAsync();
        _access = await RestrictedAccess.CreateAsync(world.Cluster.Server, _home.Name, world.Third.Name);
        _proxy = await ApiProxy.StartAsync(world.Cluster.Server, _access.Account);
        _neighbour = new OperatorProcess(
            world.Ledger.Url, _proxy.KubeConfigPath, [.. RestrictedWorld.RestrictedTo(_home, world.Third.Name), "--vanished-after", "2s"]);
        await _neighbour.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await world.Operator.DisposeAsync();
        await _neighbour.DisposeAsync();
        await _proxy.DisposeAsync();
        await _access.DisposeAsync();
        await _home.DisposeAsync();
    }

    [Fact]
    public async Task Each_releases_its_own_and_a_team_goes_when_neither_has_a_stack_of_it()
    {
        var (scene, other) = (world.SceneIn(world.First), world.SceneIn(world.Third));
        await scene.TeamAsync();
        await scene.TeamReadyAsync();
        await scene.StackAsync("here", scene.OfTeam());
        await other.StackAsync("there", scene.OfTeam());
        await scene.ReleaseAsync("here", scene.Push("here").ByTag, "here");
        await other.ReleaseAsync("there", other.Push("there").ByTag, "there");
        await scene.PhaseAsync("here", "Active");
        await other.PhaseAsync("there", "Active");
        await scene.SeeStackSettledAsync("here");
        await other.SeeStackSettledAsync("there");

        await scene.DeleteTeamAsync();

        var both = $"{string.Join(", ", new[] { $"{world.First.Name}/here", $"{world.Third.Name}/there" }.Order(StringComparer.Ordinal))};";
        (await scene.TeamStallsAsync("TeamInUse")).Condition("Stalled").Text("message")!.ShouldContain(both);
        await scene.DeleteAsync(scene.Namespace.Slipways("stacks", "here"));
        await scene.SeeTeamAsync("team", "one is left", team => team.Condition("Stalled").Text("message")!.Contains($": {world.Third.Name}/there;", StringComparison.Ordinal));
        await other.DeleteAsync(other.Namespace.Slipways("stacks", "there"));
        await scene.SeeTeamGoneAsync();

        // Had they disagreed about the status of the team, each write of one would have been answered by the other.
        world.Proxy.Requests.Concat(_proxy.Requests).Count(request => request.IsWrite && request.Path == $"{scene.TeamPath()}/status").ShouldBeLessThan(30);
        world.Refused.ShouldBeEmpty();
        (await world.Ledger.ViolationsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_slug_is_given_once_by_both()
    {
        var (scene, other) = (world.SceneIn(world.First), world.SceneIn(world.Third));
        await scene.StackAsync("first", TeamScene.Called(scene.Namespace.Name));
        await scene.SeeStackAsync("first", "slug", stack => stack.Text("status.slug") == scene.Namespace.Name);

        await other.StackAsync("second", TeamScene.Called(scene.Namespace.Name));

        await other.SeeStackAsync("second", "the next one", stack => stack.Text("status.slug") == $"{scene.Namespace.Name}-1");
    }
}
