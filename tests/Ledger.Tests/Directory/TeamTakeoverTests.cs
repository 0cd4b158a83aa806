using Shouldly;
using Slipway.Ledger.Directory;
using Slipway.Ledger.Slugs;
using Xunit;

namespace Slipway.Ledger.Tests.Directory;

/// <summary>A team whose object is gone without an end, and is there again under another UID, was restored.</summary>
public sealed class TeamTakeoverTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    [Fact]
    public async Task Slug_members_and_stacks_are_the_restored_teams_and_the_former_UID_is_dead()
    {
        var scene = TeamScene.Create(database);
        var registration = scene.Team(members: "ben") with { Generation = 7 };
        var former = await scene.CreateAsync(registration);
        var stack = await scene.RegisterStackAsync();
        await scene.Ledger.BindStackAsync(stack.Uid, 1, former.Uid, default);
        var restored = registration with { Uid = Guid.NewGuid(), Generation = 1 };

        var outcome = await scene.RegisterAsync(restored);

        outcome.ShouldBe(new TeamOutcome(former with { Uid = restored.Uid, Generation = 1 }));
        (await scene.MembersAsync(former)).ShouldBe("ada* ben");
        (await scene.SlugsAsync(SlugKind.Team)).ShouldBe([scene.Name]);
        (await scene.FindAsync(stack)).ShouldBe(new StackEntry(true, null, null, restored.Uid, restored.Name));
        var before = await scene.DumpAsync();
        (await scene.RegisterAsync(registration with { Generation = 9 })).Row!.IsLive.ShouldBeFalse();
        (await scene.EndAsync(former)).IsDeleted.ShouldBeTrue();
        (await scene.Ledger.BindStackAsync(stack.Uid, 1, former.Uid, default)).ShouldBe(BindOutcome.TeamUnknown);
        (await scene.FindAsync(stack)).TeamUid.ShouldBe(restored.Uid);
        (await scene.DumpAsync()).ShouldBe(before);
        (await scene.ViolationsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_restored_object_says_is_followed_at_once()
    {
        var scene = TeamScene.Create(database);
        var registration = scene.Team(members: "ben") with { Generation = 7 };
        var former = await scene.CreateAsync(registration);

        var outcome = await scene.RegisterAsync(
            registration with { Uid = Guid.NewGuid(), Generation = 1, DisplayName = "Other", Owner = "cyd", Members = ["dan"] });

        (outcome.FormerOwner, outcome.Row!.Owner, outcome.Row.DisplayName, outcome.Row.Slug).ShouldBe(("ada", "cyd", "Other", scene.Name));
        (await scene.MembersAsync(former)).ShouldBe("cyd* dan");
        (await scene.ViolationsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_object_seen_only_by_a_cache_takes_nothing_over()
    {
        var scene = TeamScene.Create(database);
        var former = await scene.CreateAsync(members: "ben");
        var stale = scene.Team() with { Name = former.Name, Owner = "eve" };

        var outcome = await scene.Ledger.RegisterTeamAsync(stale, _ => Task.FromResult(false), default);

        (outcome.Row!.Uid, outcome.Row.IsLive, outcome.SlugsExhausted).ShouldBe((stale.Uid, false, false));
        (await scene.FindAsync(former.Uid)).ShouldBe(former);
        (await scene.MembersAsync(former)).ShouldBe("ada* ben");
        (await scene.RegisterAsync(stale)).Row!.IsLive.ShouldBeFalse();
        (await scene.ViolationsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Whether_an_object_exists_is_asked_only_when_another_one_has_its_name()
    {
        var scene = TeamScene.Create(database);
        var registration = scene.Team();

        foreach (var generation in new[] { 1, 2 })
        {
            await scene.Ledger.RegisterTeamAsync(
                registration with { Generation = generation }, _ => throw new InvalidOperationException("asked"), default);
        }

        await Should.ThrowAsync<InvalidOperationException>(() => scene.Ledger.RegisterTeamAsync(
            registration with { Uid = Guid.NewGuid() }, _ => throw new InvalidOperationException("asked"), default));
    }

    /// <summary>Both operators have seen the new object; the second one comes while the first one still asks whether it exists.</summary>
    [Fact]
    public async Task Nobody_else_registers_the_name_while_it_is_asked_whether_the_object_exists()
    {
        var scene = TeamScene.Create(database);
        var former = await scene.CreateAsync();
        var (restored, rival) = (scene.Team() with { Name = former.Name }, scene.Team() with { Name = former.Name });
        await using var onlooker = await Rival.BeginAsync(database);
        Task<TeamOutcome>? second = null;

        var first = await scene.Ledger.RegisterTeamAsync(
            restored,
            async _ =>
            {
                second = Task.Run(() => scene.Ledger.RegisterTeamAsync(rival, _ => Task.FromResult(false), default));
                await onlooker.BlocksAsync(1);
                return true;
            },
            default);

        (first.Row!.Id, first.Row.Uid).ShouldBe((former.Id, restored.Uid));
        (await second!).Row!.IsLive.ShouldBeFalse();
        (await scene.FindAsync(restored.Uid)).ShouldBe(first.Row);
    }
}
