using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Proxies;
using Xunit;
using static Slipway.Operator.Tests.Integration.TeamScene;

namespace Slipway.Operator.Tests.Integration;

/// <summary>The operator dies between the ledger and whatever tells of it, or the ledger is away.</summary>
[Collection(ClusterCollection.Name)]
public sealed class TeamCrashTests(VanishedTests.World world) : IClassFixture<VanishedTests.World>, IAsyncLifetime
{
    public Task InitializeAsync() => world.Operator.StartAsync();

    public async Task DisposeAsync()
    {
        await world.Operator.DisposeAsync();
        await world.DatabasePort.StopAsync();
        world.DatabasePort.Start();
    }

    /// <summary>With another one of its name, which would be given the first slug if that were lost.</summary>
    [Fact]
    public async Task A_team_whose_status_was_not_written_has_one_row_and_the_same_slug_afterwards()
    {
        await using var scene = await world.NewSceneAsync();
        var killed = KillAtStatus(scene, "TeamReady");
        await scene.TeamAsync();
        await killed.WaitAsync(Eventually.Patience);
        (await scene.TeamRowsAsync()).ShouldBe([$"live {scene.TeamName()} owner:alice"]);
        await scene.TeamAsync("alike", Called(scene.TeamName()));

        await world.Operator.StartAsync();

        (await scene.TeamReadyAsync()).Text("status.slug").ShouldBe(scene.TeamName());
        (await scene.TeamReadyAsync("alike")).Text("status.slug").ShouldBe($"{scene.TeamName()}-1");
        (await scene.TeamRowsAsync()).ShouldBe([$"live {scene.TeamName()} owner:alice"]);
    }

    [Fact]
    public async Task A_transfer_that_was_not_told_is_told_afterwards()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.TeamAsync();
        await scene.TeamReadyAsync();
        var killed = KillAtStatus(scene, "bob");
        await scene.TeamAsync(spec: Owner("bob", "alice"));
        await killed.WaitAsync(Eventually.Patience);
        (await scene.TeamRowsAsync()).ShouldBe([$"live {scene.TeamName()} owner:bob member:alice"]);

        await world.Operator.StartAsync();

        (await scene.TeamReadyAsync()).Text("status.owner").ShouldBe("bob");
        (await scene.TeamRowsAsync()).ShouldBe([$"live {scene.TeamName()} owner:bob member:alice"]);
        (await world.Ledger.ViolationsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("before it hears of it")]
    [InlineData("before the ledger")]
    [InlineData("between the ledger and the finalizer")]
    [InlineData("after the finalizer")]
    public async Task A_team_is_deleted_wherever_the_operator_dies(string when)
    {
        await using var scene = await world.NewSceneAsync();
        await scene.TeamAsync();
        await scene.TeamReadyAsync();
        var dead = KillAsync(scene, when);
        await scene.DeleteTeamAsync();
        await dead.WaitAsync(Eventually.Patience);

        await world.Operator.StartAsync();

        await scene.SeeTeamGoneAsync();
        (await scene.TeamRowsAsync()).ShouldBe(["deleted"]);
        await scene.TeamAsync("next", Called(scene.TeamName()));
        (await scene.TeamReadyAsync("next")).Text("status.slug").ShouldBe(scene.TeamName());
    }

    [Fact]
    public async Task While_the_ledger_is_away_a_new_team_says_so_and_is_created_when_that_is_back()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.TeamAsync("before");
        await scene.TeamReadyAsync("before");
        await world.DatabasePort.StopAsync();

        await scene.TeamAsync();

        var waiting = await scene.SeeTeamAsync("team", "waits", team => team.ConditionText("Reconciling") == "True LedgerUnavailable");
        (waiting.ConditionText("Ready"), waiting.ConditionText("Stalled"), waiting.Text("status.slug")).ShouldBe(("False LedgerUnavailable", "absent", null));
        var before = await scene.SeeTeamAsync("before", "waits too", team => team.ConditionText("Reconciling") == "True LedgerUnavailable");
        (before.ConditionText("Ready"), before.ConditionText("SlugAllocated"), before.Text("status.owner")).ShouldBe(("True TeamReady", "True Allocated", "alice"));
        world.DatabasePort.Start();

        await scene.TeamReadyAsync();
        (await scene.TeamReadyAsync("before")).ConditionText("Reconciling").ShouldBe("absent");
        (await scene.TeamRowsAsync()).ShouldBe([$"live {scene.TeamName()} owner:alice"]);
    }

    [Fact]
    public async Task A_team_deleted_while_the_ledger_is_away_goes_all_the_same_and_its_slug_is_anothers_when_that_is_back()
    {
        await using var scene = await world.NewSceneAsync();
        var names = Enumerable.Range(0, 12).Select(number => $"t{number}").ToList();
        await Task.WhenAll(names.Select(name => scene.TeamAsync(name, Called(scene.TeamName()))));
        var teams = await Task.WhenAll(names.Select(name => scene.SeeTeamAsync(
            name, "decided", team => team.ConditionText("SlugAllocated") is "True Allocated" or "False SlugsExhausted")));
        var waiting = names[Array.FindIndex(teams, team => team.Text("status.slug") is null)];
        var leaving = names[Array.FindIndex(teams, team => team.Text("status.slug") == $"{scene.TeamName()}-3")];
        await world.DatabasePort.StopAsync();
        await scene.TeamAsync("seen");
        await scene.SeeTeamAsync("seen", "away", team => team.ConditionText("Reconciling") == "True LedgerUnavailable");

        await scene.DeleteTeamAsync(leaving);
        await scene.SeeTeamGoneAsync(leaving);
        world.DatabasePort.Start();

        await scene.SeeTeamRowsAsync(leaving, "deleted");
        (await scene.TeamReadyAsync(waiting)).Text("status.slug").ShouldBe($"{scene.TeamName()}-3");
        (await world.Ledger.ViolationsAsync()).ShouldBeEmpty();
    }

    /// <summary>Ends the operator when it is about to tell of the team.</summary>
    private Task KillAtStatus(Scene scene, string said) => world.Proxy.OnFirst(
        request => request.IsWrite && request.Path == $"{scene.TeamPath()}/status" && request.Body.Contains(said, StringComparison.Ordinal), KillAndDropAsync);

    private Task KillAsync(Scene scene, string when) => when switch
    {
        "before it hears of it" => world.Operator.KillAsync(),
        "before the ledger" => world.Proxy.OnFirst(
            request => request is { Method: "GET", IsWatch: false, Path: "/apis/slipway.dev/v1alpha1/stacks" }, KillAndDropAsync),
        "between the ledger and the finalizer" => world.Proxy.OnFirst(request => IsFinalizerWrite(request, scene), KillAndDropAsync),
        _ => world.Proxy.OnFirst(request => IsFinalizerWrite(request, scene), async exchange =>
        {
            await exchange.ForwardAndDropAsync();
            await world.Operator.KillAsync();
        }),
    };

    private static bool IsFinalizerWrite(ProxiedRequest request, Scene scene) => request.IsWrite && request.Path == scene.TeamPath();

    private async Task KillAndDropAsync(ProxiedExchange exchange)
    {
        await world.Operator.KillAsync();
        exchange.Drop();
    }
}
