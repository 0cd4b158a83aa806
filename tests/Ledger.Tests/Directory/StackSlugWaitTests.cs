using Shouldly;
using Slipway.Ledger.Slugs;
using Xunit;

namespace Slipway.Ledger.Tests.Directory;

/// <summary>Somebody else has taken the slug, and has not committed that yet.</summary>
public sealed class StackSlugWaitTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    /// <summary>Nothing at run time depends on a slug: while one is waited for, the releases of the stack go on.</summary>
    [Fact]
    public async Task Who_waits_for_a_slug_keeps_no_release_waiting()
    {
        var scene = TeamScene.Create(database);
        var release = await Scene.CreateAsync(database);
        var other = await scene.RegisterStackAsync("other");
        await using var rival = await Rival.BeginAsync(database);
        await rival.RunAsync(SlugOf(other, scene.Name));

        var allocating = Task.Run(() => scene.AllocateAsync(release.Stack));
        await rival.HoldsUpAsync(1);
        await release.ActiveAsync();
        await rival.RollbackAsync();

        (await allocating)!.Slug.ShouldBe(scene.Name);
    }

    [Fact]
    public async Task Who_waits_too_long_for_a_slug_is_told_that_the_ledger_is_unavailable()
    {
        var scene = TeamScene.Create(database);
        var (stack, other) = (await scene.RegisterStackAsync(), await scene.RegisterStackAsync("other"));
        await using var rival = await Rival.BeginAsync(database);
        await rival.RunAsync(SlugOf(other, scene.Name));

        var error = await Record.ExceptionAsync(() => scene.AllocateAsync(stack));

        LedgerFaults.IsUnavailable(error!).ShouldBeTrue($"{error}");
    }

    /// <summary>It has seen another display name, and so does not ask for the same one.</summary>
    [Fact]
    public async Task An_operator_that_gives_it_another_slug_first_is_the_one_that_counts()
    {
        var scene = TeamScene.Create(database);
        var stack = await scene.RegisterStackAsync();
        await using var rival = await Rival.BeginAsync(database);
        await rival.RunAsync(SlugOf(stack, $"{scene.Name}-other"));

        var allocating = Task.Run(() => scene.AllocateAsync(stack));
        await rival.HoldsUpAsync(1);
        await rival.CommitAsync();

        (await allocating)!.Slug.ShouldBe($"{scene.Name}-other");
        (await scene.SlugsAsync(SlugKind.Stack)).ShouldBe([$"{scene.Name}-other"]);
    }

    [Fact]
    public async Task A_stack_that_ends_while_it_waits_for_its_slug_gets_none()
    {
        var scene = TeamScene.Create(database);
        var (stack, other) = (await scene.RegisterStackAsync(), await scene.RegisterStackAsync("other"));
        await using var rival = await Rival.BeginAsync(database);
        await rival.RunAsync(SlugOf(other, scene.Name));

        var allocating = Task.Run(() => scene.AllocateAsync(stack));
        await rival.HoldsUpAsync(1);
        await scene.Releases.FinishTeardownAsync(stack.Uid, default);
        await rival.RollbackAsync();

        (await allocating)!.ShouldSatisfyAllConditions(entry => entry.IsLive.ShouldBeFalse(), entry => entry.Slug.ShouldBeNull());
        (await scene.SlugsAsync(SlugKind.Stack)).ShouldBeEmpty();
    }

    /// <summary>The slug is written already, and nobody sees it yet, when the stack ends.</summary>
    [Fact]
    public async Task A_stack_whose_end_is_not_committed_yet_gets_no_slug()
    {
        var scene = TeamScene.Create(database);
        var stack = await scene.RegisterStackAsync();
        await using var rival = await Rival.BeginAsync(database);
        await rival.RunAsync($"SELECT FROM slipway.stacks WHERE id = {stack.Id} FOR UPDATE");
        await rival.RunAsync($"UPDATE slipway.stacks SET lifecycle = 'deleted', deleted_at = now() WHERE id = {stack.Id}");

        var allocating = Task.Run(() => scene.AllocateAsync(stack));
        await rival.HoldsUpAsync(1);
        await rival.CommitAsync();

        (await allocating)!.Slug.ShouldBeNull();
        (await scene.ViolationsAsync()).ShouldBeEmpty();
    }

    private static string SlugOf(StackRow stack, string slug) =>
        $"INSERT INTO slipway.slugs (kind, slug, base, at, stack_id) VALUES ('stack', '{slug}', '{slug}', now(), {stack.Id})";
}
