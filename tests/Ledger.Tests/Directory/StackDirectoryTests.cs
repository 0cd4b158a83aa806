using Shouldly;
using Slipway.Ledger.Directory;
using Slipway.Ledger.Slugs;
using Xunit;

namespace Slipway.Ledger.Tests.Directory;

/// <summary>The slug of a stack, and its team.</summary>
public sealed class StackDirectoryTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    [Fact]
    public async Task Of_a_stack_that_is_not_registered_nothing_is_known()
    {
        var scene = TeamScene.Create(database);
        var team = await scene.CreateAsync();
        var nobody = Guid.NewGuid();

        (await scene.Ledger.FindStackAsync(nobody, default)).ShouldBeNull();
        (await scene.Ledger.AllocateStackSlugAsync(nobody, scene.Ask(SlugKind.Stack), default)).ShouldBeNull();
        (await scene.Ledger.BindStackAsync(nobody, 1, team.Uid, default)).ShouldBe(BindOutcome.Outdated);
    }

    [Fact]
    public async Task A_slug_stays_whatever_is_asked_for_later()
    {
        var scene = TeamScene.Create(database);
        var stack = await scene.RegisterStackAsync();
        (await scene.FindAsync(stack)).ShouldBe(new StackEntry(true, null, null, null, null));

        var entry = await scene.AllocateAsync(stack);
        var before = await scene.DumpAsync();
        var later = await scene.Ledger.AllocateStackSlugAsync(
            stack.Uid, scene.Ask(SlugKind.Stack) with { DisplayName = "Other", Wanted = "other" }, default);

        entry.ShouldBe(new StackEntry(true, scene.Name, scene.Name, null, null));
        later.ShouldBe(entry);
        (await scene.FindAsync(stack)).ShouldBe(entry);
        (await scene.DumpAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_remembered_slug_is_given_back_unless_somebody_else_has_it()
    {
        var scene = TeamScene.Create(database);
        var ask = scene.Ask(SlugKind.Stack) with { Remembered = $"{scene.Name}-former" };

        var first = await scene.Ledger.AllocateStackSlugAsync((await scene.RegisterStackAsync("first")).Uid, ask, default);
        var second = await scene.Ledger.AllocateStackSlugAsync((await scene.RegisterStackAsync("second")).Uid, ask, default);

        (first!.Slug, second!.Slug).ShouldBe(($"{scene.Name}-former", scene.Name));
    }

    /// <summary>The last one is how an operator ends it that knows nothing of slugs.</summary>
    [Theory]
    [InlineData("finished")]
    [InlineData("replaced")]
    [InlineData("older operator")]
    public async Task Its_end_frees_the_slug(string end)
    {
        var scene = TeamScene.Create(database);
        var stack = await scene.RegisterStackAsync();
        await scene.AllocateAsync(stack);
        await scene.Releases.BeginTeardownAsync(stack.Uid, default);
        (await scene.FindAsync(stack)).Slug.ShouldBe(scene.Name);

        await (end switch
        {
            "finished" => scene.Releases.FinishTeardownAsync(stack.Uid, default),
            "replaced" => scene.RegisterStackAsync(),
            _ => scene.RunAsync($"""
                UPDATE slipway.stacks SET lifecycle = 'deleted', deleted_at = now(), sequence = nextval('slipway.steps') WHERE id = {stack.Id}
                """),
        });

        (await scene.FindAsync(stack)).Slug.ShouldBeNull();
        (await scene.AllocateAsync(await scene.RegisterStackAsync("next")))!.Slug.ShouldBe(scene.Name);
        (await scene.ViolationsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_that_is_being_deleted_gets_no_slug_and_no_team()
    {
        var scene = TeamScene.Create(database);
        var team = await scene.CreateAsync();
        var stack = await scene.RegisterStackAsync();
        Func<Guid, CancellationToken, Task>[] steps = [scene.Releases.BeginTeardownAsync, scene.Releases.FinishTeardownAsync];
        foreach (var step in steps)
        {
            await step(stack.Uid, default);

            (await scene.AllocateAsync(stack)).ShouldBe(new StackEntry(false, null, null, null, null));
            (await scene.Ledger.BindStackAsync(stack.Uid, 9, team.Uid, default)).ShouldBe(BindOutcome.Outdated);
        }

        (await scene.SlugsAsync(SlugKind.Stack)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_restored_stack_has_the_slug_and_the_team_of_the_former_one()
    {
        var scene = TeamScene.Create(database);
        var team = await scene.CreateAsync();
        var former = await scene.RegisterStackAsync();
        await scene.AllocateAsync(former);
        await scene.Ledger.BindStackAsync(former.Uid, 1, team.Uid, default);

        var restored = await scene.RegisterStackAsync();

        (await scene.FindAsync(restored)).ShouldBe(new StackEntry(true, scene.Name, scene.Name, team.Uid, team.Name));
        (await scene.AllocateAsync(restored))!.Slug.ShouldBe(scene.Name);
        (await scene.AllocateAsync(former))!.Slug.ShouldBeNull();
        (await scene.EndAsync(team)).Stacks.ShouldBe([$"team/{restored.Name}"]);
        await scene.Releases.FinishTeardownAsync(former.Uid, default);
        (await scene.FindAsync(restored)).Slug.ShouldBe(scene.Name);
        (await scene.ViolationsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task It_is_bound_to_one_team_at_a_time_as_the_newest_generation_says()
    {
        var scene = TeamScene.Create(database);
        var (first, second) = (await scene.CreateAsync("first"), await scene.CreateAsync("second"));
        var stack = await scene.RegisterStackAsync(generation: 2);
        Task<BindOutcome> BindAsync(long generation, Guid? team) => scene.Ledger.BindStackAsync(stack.Uid, generation, team, default);

        (await BindAsync(2, first.Uid)).ShouldBe(BindOutcome.Bound);
        (await BindAsync(2, first.Uid)).ShouldBe(BindOutcome.Bound);
        (await scene.FindAsync(stack)).ShouldBe(new StackEntry(true, null, null, first.Uid, first.Name));
        (await BindAsync(1, second.Uid)).ShouldBe(BindOutcome.Outdated);
        (await scene.FindAsync(stack)).TeamUid.ShouldBe(first.Uid);
        (await BindAsync(3, second.Uid)).ShouldBe(BindOutcome.Bound);
        (await scene.EndAsync(first)).IsDeleted.ShouldBeTrue();
        (await BindAsync(2, null)).ShouldBe(BindOutcome.Bound);
        (await scene.FindAsync(stack)).TeamUid.ShouldBeNull();
        (await scene.EndAsync(second)).IsDeleted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_team_that_is_unknown_or_ended_is_said_to_be_so_and_changes_nothing()
    {
        var scene = TeamScene.Create(database);
        var (team, ended) = (await scene.CreateAsync("team"), await scene.CreateAsync("ended"));
        await scene.EndAsync(ended);
        foreach (var missing in new[] { ended.Uid, Guid.NewGuid() })
        {
            var stack = await scene.RegisterStackAsync($"{missing:N}");
            await scene.Ledger.BindStackAsync(stack.Uid, 1, team.Uid, default);

            (await scene.Ledger.BindStackAsync(stack.Uid, 1, missing, default)).ShouldBe(BindOutcome.TeamUnknown);

            (await scene.FindAsync(stack)).TeamUid.ShouldBe(team.Uid);
        }
    }
}
