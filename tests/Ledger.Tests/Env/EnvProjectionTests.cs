using Shouldly;
using Xunit;

namespace Slipway.Ledger.Tests.Env;

/// <summary>Which revisions may have a Secret, and which of those are of no more use.</summary>
public sealed class EnvProjectionTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    [Fact]
    public async Task Obsolete_is_what_neither_the_active_release_nor_one_in_flight_refers_to()
    {
        var scene = await EnvScene.CreateAsync(database, ConcurrencyPolicy.Parallel);
        await scene.ApplyAsync("one", "A=1");
        await scene.Releases.ActiveAsync("one");
        await scene.ApplyAsync("two", "A=2");
        var two = await scene.Releases.PendingAsync("two");
        await scene.ApplyAsync("three", "A=3");
        await scene.ApplyAsync("four", "A=4");
        (await ObsoleteAsync(scene)).ShouldBe([], "there is no Secret yet");

        foreach (var number in new[] { 3, 2, 1 })
        {
            await scene.Env.BeginProjectionAsync(scene.Stack, number, default);
        }

        (await ObsoleteAsync(scene)).ShouldBe([3]);
        await scene.Releases.Ledger.TakeSlotAsync(two.Uid, Scene.Image, default);
        (await ObsoleteAsync(scene)).ShouldBe([3]);
        await scene.Releases.ActivateAsync(two.Uid);
        (await ObsoleteAsync(scene)).ShouldBe([1, 3]);
    }

    [Fact]
    public async Task What_a_rollback_needs_is_needed_until_it_ends()
    {
        var scene = await EnvScene.CreateAsync(database);
        await scene.ApplyAsync("one", "A=1");
        var one = await scene.Releases.ActiveAsync("one");
        await scene.ApplyAsync("two", "A=2");
        await scene.Releases.ActiveAsync("two");
        await scene.Env.BeginProjectionAsync(scene.Stack, 1, default);
        (await ObsoleteAsync(scene)).ShouldBe([1]);

        var rollback = (await scene.Releases.AdmitAsync(scene.Releases.Request("back") with
        {
            Source = ReleaseSourceKind.Rollback,
            RollbackTo = one.Version,
            Image = null,
            ResolveDeadline = null,
        })).Release!;

        (await ObsoleteAsync(scene)).ShouldBeEmpty();
        await scene.Releases.Ledger.CancelAsync(rollback.Uid, "CancelRequested", "", default);
        (await ObsoleteAsync(scene)).ShouldBe([1]);
    }

    [Fact]
    public async Task What_was_removed_is_forgotten_and_can_be_made_again()
    {
        var scene = await EnvScene.CreateAsync(database);
        var neighbour = await EnvScene.CreateAsync(database);
        await scene.ApplyAsync("one", "A=1");
        await neighbour.ApplyAsync("one", "A=1");
        await scene.Env.BeginProjectionAsync(scene.Stack, 1, default);
        await scene.Env.BeginProjectionAsync(scene.Stack, 1, default);
        await neighbour.Env.BeginProjectionAsync(neighbour.Stack, 1, default);

        await scene.Env.EndProjectionAsync(scene.Stack, 1, default);
        await scene.Env.EndProjectionAsync(scene.Stack, 1, default);

        (await ObsoleteAsync(scene)).ShouldBeEmpty();
        (await ObsoleteAsync(neighbour)).ShouldBe([1]);
        await scene.Env.BeginProjectionAsync(scene.Stack, 1, default);
        var again = (await scene.Env.ListObsoleteAsync(scene.Stack, default)).ShouldHaveSingleItem();
        (again.StackUid, again.Keys.ShouldHaveSingleItem()).ShouldBe((scene.Stack.Uid, "A"));
    }

    private static async Task<IEnumerable<long>> ObsoleteAsync(EnvScene scene) =>
        (await scene.Env.ListObsoleteAsync(scene.Stack, default)).Select(revision => revision.Number);
}
