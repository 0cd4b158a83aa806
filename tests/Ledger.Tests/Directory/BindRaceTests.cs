using Shouldly;
using Slipway.Ledger.Directory;
using Xunit;

namespace Slipway.Ledger.Tests.Directory;

/// <summary>A stack is bound to a team at the moment when that ends.</summary>
public sealed class BindRaceTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    [Fact]
    public async Task A_stack_is_never_bound_to_a_team_that_has_ended_whoever_is_faster()
    {
        const int rounds = 100;
        var scene = TeamScene.Create(database);
        var (stack, former) = (await scene.RegisterStackAsync(), await scene.CreateAsync("former"));
        for (var round = 0; round < rounds; round++)
        {
            var team = await scene.CreateAsync($"{round}");
            await scene.Ledger.BindStackAsync(stack.Uid, 1, former.Uid, default);

            var binding = Task.Run(() => scene.Ledger.BindStackAsync(stack.Uid, 1, team.Uid, default));
            var ending = Task.Run(() => scene.EndAsync(team));
            var (bound, end) = (await binding, await ending);

            (await scene.ViolationsAsync()).ShouldBeEmpty();
            bound.ShouldBe(end.IsDeleted ? BindOutcome.TeamUnknown : BindOutcome.Bound, $"round {round}");
            (await scene.FindAsync(stack)).TeamUid.ShouldBe(end.IsDeleted ? former.Uid : team.Uid);
            end.Stacks.ShouldBe(end.IsDeleted ? [] : [$"team/{stack.Name}"]);
            await scene.Ledger.BindStackAsync(stack.Uid, 1, null, default);
            (await scene.EndAsync(team)).IsDeleted.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task An_end_that_meets_a_stack_on_its_way_in_waits_and_names_it()
    {
        var scene = TeamScene.Create(database);
        var (stack, team) = (await scene.RegisterStackAsync(), await scene.CreateAsync());
        await using var rival = await Rival.BeginAsync(database);
        await rival.RunAsync($"UPDATE slipway.stacks SET team_id = {team.Id} WHERE id = {stack.Id}");

        var ending = Task.Run(() => scene.EndAsync(team));
        await rival.HoldsUpAsync(1);
        await rival.CommitAsync();

        (await ending).Stacks.ShouldBe([$"team/{stack.Name}"]);
    }

    [Fact]
    public async Task A_stack_that_meets_an_end_on_its_way_in_is_told_that_there_is_no_such_team()
    {
        var scene = TeamScene.Create(database);
        var (stack, team) = (await scene.RegisterStackAsync(), await scene.CreateAsync());
        await using var rival = await Rival.BeginAsync(database);
        await rival.RunAsync($"UPDATE slipway.teams SET lifecycle = 'deleted', deleted_at = now(), owner = NULL WHERE id = {team.Id}");
        await rival.RunAsync($"DELETE FROM slipway.team_members WHERE team_id = {team.Id}");

        var binding = Task.Run(() => scene.Ledger.BindStackAsync(stack.Uid, 1, team.Uid, default));
        await rival.HoldsUpAsync(1);
        await rival.CommitAsync();

        (await binding).ShouldBe(BindOutcome.TeamUnknown);
        (await scene.FindAsync(stack)).TeamUid.ShouldBeNull();
        (await scene.ViolationsAsync()).ShouldBeEmpty();
    }
}
