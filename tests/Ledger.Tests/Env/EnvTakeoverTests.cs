using Shouldly;
using Slipway.Ledger.Env;
using Xunit;

namespace Slipway.Ledger.Tests.Env;

/// <summary>The variables of a stack that was restored under another UID, and of one that was made anew.</summary>
public sealed class EnvTakeoverTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    [Fact]
    public async Task A_restored_stack_has_its_variables_and_goes_on_counting()
    {
        var scene = await EnvScene.CreateAsync(database);
        await scene.FollowAsync(7, "A=1", "B=1");
        var first = scene.Patch("first", "A=2");
        var outcome = (await scene.ApplyAsync(first)).Patch!;
        var active = await scene.Releases.ActiveAsync();

        var restored = await RestoreAsync(scene);

        (restored.EnvRevision, restored.EnvBaselineRevision, restored.EnvGeneration).ShouldBe((2, 1, null));
        Change.Show(await scene.Env.ReadValuesAsync(restored, 2, default)).ShouldBe("A=2 B=1");
        Change.Show(await scene.Env.ReadValuesAsync(restored, 1, default)).ShouldBe("A=1 B=1");
        (await scene.Env.FindRevisionAsync(restored, 2, default))!.StackUid.ShouldBe(scene.Stack.Uid, "its Secret keeps its name");
        var state = (await scene.Releases.Ledger.ReadStackAsync(restored.Uid, 1, default))!;
        (state.Active!.Uid, state.Active.EnvRevision, state.DesiredEnv!.Number).ShouldBe((active.Uid, 2, 2));
        var twin = first with { Uid = Guid.NewGuid(), StackUid = restored.Uid };
        (await scene.ApplyAsync(twin)).Patch.ShouldBe(outcome with { StackUid = restored.Uid });
        (await scene.ApplyAsync(scene.Patch("second", "C=3") with { StackUid = restored.Uid })).Patch!.Revision.ShouldBe(3);
        (await scene.ReadRevisionsAsync()).ShouldBeEmpty();
        (await scene.FindStackAsync()).EnvRevision.ShouldBeNull();
    }

    [Fact]
    public async Task What_the_restored_object_says_is_compared_anew_and_is_a_revision_only_if_it_differs()
    {
        var scene = await EnvScene.CreateAsync(database);
        await scene.FollowAsync(7, "A=1");
        var restored = await RestoreAsync(scene);

        var same = await scene.Env.FollowBaselineAsync(restored.Uid, 1, Change.Variables("A=1"), 1, default);
        var other = await scene.Env.FollowBaselineAsync(restored.Uid, 2, Change.Variables("A=2"), 1, default);

        (same.Stack!.EnvRevision, same.Stack.EnvGeneration).ShouldBe((1, 1));
        (other.Stack!.EnvRevision, other.Stack.EnvBaselineRevision, other.Stack.EnvGeneration).ShouldBe((2, 2, 2));
    }

    /// <summary>The merge begins while the former stack's row is locked by the takeover.</summary>
    [Fact]
    public async Task A_patch_that_meets_a_takeover_is_merged_before_it_or_not_at_all()
    {
        var scene = await EnvScene.CreateAsync(database);
        await scene.ApplyAsync("first", "A=1");
        await using var onlooker = await Rival.BeginAsync(database);
        Task<EnvPatchRow>? late = null;

        var restored = await scene.Releases.Ledger.RegisterStackAsync(
            Scene.Registration(scene.Stack.Name),
            async _ =>
            {
                late = Task.Run(() => scene.ApplyAsync("late", "A=2"));
                await onlooker.BlocksAsync(1);
                return true;
            },
            default);

        (await late!).Reason.ShouldBe("StackDeleting");
        Change.Show(await scene.Env.ReadValuesAsync(restored, restored.EnvRevision!.Value, default)).ShouldBe("A=1");
    }

    [Fact]
    public async Task A_stack_made_anew_after_a_teardown_begins_without_variables()
    {
        var scene = await EnvScene.CreateAsync(database);
        var first = scene.Patch("first", "A=1");
        await scene.ApplyAsync(first);
        await scene.Releases.Ledger.FinishTeardownAsync(scene.Stack.Uid, default);

        var anew = await scene.Releases.Ledger.RegisterStackAsync(Scene.Registration(scene.Stack.Name), default);

        anew.EnvRevision.ShouldBeNull();
        var again = (await scene.ApplyAsync(first with { Uid = Guid.NewGuid(), StackUid = anew.Uid })).Patch!;
        (again.Revision, again.KeysSet).ShouldBe((1, 1));
        Change.Show(await scene.Env.ReadValuesAsync(anew, 1, default)).ShouldBe("A=1");
        (await scene.ShowAsync()).ShouldBe("A=1", "the former one's are still there");
    }

    private static Task<StackRow> RestoreAsync(EnvScene scene) =>
        scene.Releases.Ledger.RegisterStackAsync(Scene.Registration(scene.Stack.Name), default);
}
