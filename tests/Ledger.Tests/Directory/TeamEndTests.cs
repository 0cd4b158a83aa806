using Shouldly;
using Slipway.Ledger.Directory;
using Slipway.Ledger.Slugs;
using Xunit;

namespace Slipway.Ledger.Tests.Directory;

/// <summary>How a team ends, and what keeps it from that.</summary>
public sealed class TeamEndTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    [Fact]
    public async Task Its_end_frees_the_slug_and_leaves_a_tombstone()
    {
        var scene = TeamScene.Create(database);
        var registration = scene.Team(members: "ben");
        var team = await scene.CreateAsync(registration);

        (await scene.EndAsync(team)).IsDeleted.ShouldBeTrue();
        var before = await scene.DumpAsync();
        (await scene.EndAsync(team)).IsDeleted.ShouldBeTrue();
        var late = await scene.RegisterAsync(registration with { Generation = 9 });

        late.ShouldBe(new TeamOutcome(team with { IsLive = false, Owner = null, Slug = null, SlugBase = null }));
        (await scene.MembersAsync(team)).ShouldBeEmpty();
        (await scene.SlugsAsync(SlugKind.Team)).ShouldBeEmpty();
        (await scene.DumpAsync()).ShouldBe(before);
        (await scene.ViolationsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_that_ended_before_it_was_created_is_not_created_any_more()
    {
        var scene = TeamScene.Create(database);
        var registration = scene.Team();

        (await scene.Ledger.EndTeamAsync(registration.Uid, registration.Name, default)).IsDeleted.ShouldBeTrue();

        (await scene.RegisterAsync(registration)).Row!.IsLive.ShouldBeFalse();
        (await scene.SlugsAsync(SlugKind.Team)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_new_object_of_the_name_of_one_that_ended_is_another_team()
    {
        var scene = TeamScene.Create(database);
        var registration = scene.Team(members: "ben");
        var former = await scene.CreateAsync(registration);
        await scene.EndAsync(former);

        var team = (await scene.Ledger.RegisterTeamAsync(
            registration with { Uid = Guid.NewGuid(), Members = [] }, _ => throw new InvalidOperationException("asked"), default)).Row!;

        team.Id.ShouldNotBe(former.Id);
        (team.IsLive, team.Slug).ShouldBe((true, scene.Name));
        (await scene.MembersAsync(team)).ShouldBe("ada*");
    }

    [Fact]
    public async Task It_does_not_end_while_stacks_are_bound_to_it_and_names_the_first_few()
    {
        var scene = TeamScene.Create(database);
        var team = await scene.CreateAsync();
        var other = await scene.CreateAsync("other");
        var stacks = await Task.WhenAll(Enumerable.Range(1, 7).Reverse().Select(number => scene.RegisterStackAsync($"{number}")));
        foreach (var stack in stacks)
        {
            await scene.Ledger.BindStackAsync(stack.Uid, 1, team.Uid, default);
        }

        var before = await scene.DumpAsync();
        (await scene.EndAsync(team)).Stacks.ShouldBe(Enumerable.Range(1, 5).Select(number => $"team/{scene.Name}-{number}"));
        (await scene.DumpAsync()).ShouldBe(before);

        await scene.Ledger.BindStackAsync(stacks[0].Uid, 1, other.Uid, default);
        await scene.Ledger.BindStackAsync(stacks[1].Uid, 1, null, default);
        foreach (var stack in stacks[2..])
        {
            await scene.Releases.BeginTeardownAsync(stack.Uid, default);
            (await scene.EndAsync(team)).Stacks.ShouldContain($"team/{stack.Name}");
            await scene.Releases.FinishTeardownAsync(stack.Uid, default);
        }

        (await scene.EndAsync(team)).IsDeleted.ShouldBeTrue();
        (await scene.EndAsync(other)).Stacks.ShouldBe([$"team/{stacks[0].Name}"]);
    }
}
