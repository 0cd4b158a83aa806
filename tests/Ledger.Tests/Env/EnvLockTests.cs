using Npgsql;
using Shouldly;
using Slipway.Ledger.Env;
using Xunit;

namespace Slipway.Ledger.Tests.Env;

/// <summary>What somebody else does to the stack's row between the look and the merge.</summary>
public sealed class EnvLockTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    [Fact]
    public async Task A_stack_whose_teardown_began_while_the_row_was_waited_for_takes_nothing()
    {
        var scene = await EnvScene.CreateAsync(database);
        await scene.ApplyAsync("first", "A=1");
        await using var rival = await Rival.BeginAsync(database);
        await rival.RunAsync($"UPDATE slipway.stacks SET lifecycle = 'deleting' WHERE id = {scene.Stack.Id}");

        var patch = Task.Run(() => scene.ApplyAsync("second", "A=2"));
        var baseline = Task.Run(() => scene.FollowAsync(2, "A=3"));
        await rival.BlocksAsync(2);
        await rival.CommitAsync();

        (await patch).Reason.ShouldBe("StackDeleting");
        (await baseline).Stack!.Lifecycle.ShouldBe(StackLifecycle.Deleting);
        (await scene.ShowAsync()).ShouldBe("A=1");
        (await scene.ReadRevisionsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_was_merged_while_the_row_was_waited_for_is_merged_with()
    {
        var scene = await EnvScene.CreateAsync(database);
        await scene.ApplyAsync("first", "A=1", "B=1");
        await using var rival = await Rival.BeginAsync(database);
        await rival.RunAsync($"SELECT FROM slipway.stacks WHERE id = {scene.Stack.Id} FOR UPDATE");

        var second = Task.Run(() => scene.ApplyAsync("second", "A=2"));
        await rival.BlocksAsync(1);
        var third = Task.Run(() => scene.ApplyAsync("third", "-B"));
        await rival.BlocksAsync(2);
        await rival.CommitAsync();

        new[] { (await second).Revision, (await third).Revision }.ShouldBe([2, 3], ignoreOrder: true);
        (await scene.ShowAsync()).ShouldBe("A=2");
    }

    /// <summary>Nothing else is so patient: the server gives up by itself.</summary>
    [Fact]
    public async Task A_row_that_is_locked_for_longer_than_three_seconds_is_unavailable_and_written_once_it_is_free()
    {
        var scene = await EnvScene.CreateAsync(database);
        await scene.ApplyAsync("first", "A=1");
        var (patch, gone) = (scene.Patch("second", "A=2"), scene.Patch("gone", "A=3"));
        await using var rival = await Rival.BeginAsync(database);
        await rival.RunAsync($"SELECT FROM slipway.stacks WHERE id = {scene.Stack.Id} FOR UPDATE");

        var errors = await Task.WhenAll(
            Record.ExceptionAsync(() => scene.ApplyAsync(patch)),
            Record.ExceptionAsync(() => scene.FollowAsync(2, "B=2")),
            Record.ExceptionAsync(() => scene.Env.RejectAsync(gone, EnvScene.Deleted, default)));

        errors.ShouldAllBe(error => error is PostgresException && ((PostgresException)error).SqlState == PostgresErrorCodes.LockNotAvailable);
        errors.ShouldAllBe(error => LedgerFaults.IsUnavailable(error));
        (await scene.ShowAsync()).ShouldBe("A=1");
        (await scene.CountPatchesAsync()).ShouldBe(1);
        await rival.RollbackAsync();
        (await scene.ApplyAsync(patch)).Patch!.Revision.ShouldBe(2);
        (await scene.FollowAsync(2, "B=2")).Stack!.EnvRevision.ShouldBe(3);
        (await scene.ShowAsync()).ShouldBe("A=2 B=2");
    }

    [Fact]
    public async Task A_row_that_vanishes_while_it_is_waited_for_is_an_unknown_stack()
    {
        var scene = await EnvScene.CreateAsync(database);
        await using var rival = await Rival.BeginAsync(database);
        await rival.RunAsync($"DELETE FROM slipway.stacks WHERE id = {scene.Stack.Id}");

        var patch = Task.Run(() => scene.ApplyAsync(scene.Patch("first", "A=1")));
        var baseline = Task.Run(() => scene.FollowAsync(1, "A=1"));
        await rival.BlocksAsync(2);
        await rival.CommitAsync();

        (await patch).ShouldBe(new EnvOutcome(EnvOutcomeKind.StackUnknown));
        (await baseline).ShouldBe(new BaselineOutcome(null));
        (await scene.ReadRevisionsAsync()).ShouldBeEmpty();
        (await scene.CountPatchesAsync()).ShouldBe(0);
    }
}
