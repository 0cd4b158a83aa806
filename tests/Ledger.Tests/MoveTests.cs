using Shouldly;
using Xunit;

namespace Slipway.Ledger.Tests;

public sealed class MoveTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    [Fact]
    public async Task Starts_the_clock_of_a_rollout_once()
    {
        var scene = await Scene.CreateAsync(database);
        var row = await scene.ActivatingAsync();
        var due = scene.Clock.GetUtcNow() + TimeSpan.FromMinutes(10);

        (await scene.Ledger.BeginRolloutAsync(row.Uid, row.Sequence!.Value + 1, TimeSpan.FromMinutes(10), default)).Moved.ShouldBeFalse();
        var first = await scene.Ledger.BeginRolloutAsync(row.Uid, row.Sequence.Value, TimeSpan.FromMinutes(10), default);
        scene.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await scene.Ledger.BeginRolloutAsync(row.Uid, row.Sequence.Value, TimeSpan.FromMinutes(10), default);

        (first.Moved, first.Row.DeadlineAt).ShouldBe((true, due));
        (second.Moved, second.Row.DeadlineAt).ShouldBe((false, due));
        await scene.ActivateAsync(row.Uid);
        (await scene.Ledger.BeginRolloutAsync(row.Uid, row.Sequence.Value, TimeSpan.FromMinutes(10), default)).Row.DeadlineAt.ShouldBeNull();
    }

    [Fact]
    public async Task Makes_a_release_active_and_supersedes_the_former_one_by_it()
    {
        var scene = await Scene.CreateAsync(database);
        var former = await scene.ActiveAsync("former");
        var next = await scene.ActivatingAsync("next");
        scene.Clock.Advance(TimeSpan.FromSeconds(30));

        var outcome = await scene.Ledger.ActivateAsync(next.Uid, "registry/app@sha256:3", "sha256:3", "Available", "All is well.", default);

        outcome.Moved.ShouldBeTrue();
        (outcome.Row.Phase, outcome.Row.FinishedAt, outcome.Row.Reason, outcome.Row.Digest, outcome.Row.ImageReference).ShouldBe(
            (ReleasePhase.Active, scene.Clock.GetUtcNow(), "Available", "sha256:3", "registry/app@sha256:3"));
        outcome.Row.Digests.ShouldBe(["sha256:1", "sha256:2", "sha256:3"]);
        var ended = await scene.FindAsync(former.Uid);
        (ended.Phase, ended.SupersededBy, ended.FinishedAt).ShouldBe((ReleasePhase.Superseded, next.Version, former.FinishedAt));
        var state = await scene.ReadAsync();
        (state.Active!.Uid, state.Desired!.Uid, state.Stack.Sequence).ShouldBe((next.Uid, next.Uid, next.Sequence!.Value));
    }

    [Fact]
    public async Task A_reader_sees_one_active_release_at_every_moment()
    {
        var scene = await Scene.CreateAsync(database);
        await scene.ActiveAsync("first");
        using var stop = new CancellationTokenSource();
        var reader = Task.Run(async () =>
        {
            var seen = new HashSet<ReleaseVersion>();
            while (!stop.IsCancellationRequested)
            {
                var state = await scene.ReadAsync(1);
                seen.Add(state.Active.ShouldNotBeNull().Version!.Value);
                ShouldBeOfOneMoment(state);
                var active = await database.DataSource.CreateCommand("SELECT id FROM slipway.releases WHERE stack_id = $1 AND phase = 'active'")
                    .With(scene.Stack.Id).ListAsync(row => row.GetInt64(0), default);
                active.ShouldHaveSingleItem();
            }

            return seen;
        });
        for (var number = 0; number < 40; number++)
        {
            await scene.ActiveAsync($"{number}");
        }

        await stop.CancelAsync();
        (await reader).Count.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Fails_only_from_the_phase_in_which_the_failure_was_seen()
    {
        var scene = await Scene.CreateAsync(database);
        var active = await scene.ActiveAsync("active");
        var row = await scene.ActivatingAsync("next");

        (await scene.Ledger.FailAsync(row.Uid, ReleasePhase.Pending, "InvalidImage", "Seen long ago.", null, default)).Moved.ShouldBeFalse();
        var outcome = await scene.Ledger.FailAsync(row.Uid, ReleasePhase.Activating, "ImageUnavailable", "Not found.", "log", default);

        outcome.Moved.ShouldBeTrue();
        var message = $"Not found; {active.Name} (version {active.Version}), which was active, is put back";
        (outcome.Row.Phase, outcome.Row.Reason, outcome.Row.Message, outcome.Row.LogTail, outcome.Row.FinishedAt).ShouldBe(
            (ReleasePhase.Failed, "ImageUnavailable", message, "log", scene.Clock.GetUtcNow()));
        outcome.Row.Transitions[^1].Message.ShouldBe(message);
        var state = await scene.ReadAsync();
        (state.Desired!.Uid, state.InFlight.Count).ShouldBe((active.Uid, 0));
        state.Stack.Sequence.ShouldBe(outcome.Row.Transitions[^1].Id);
    }

    [Fact]
    public async Task Cancelled_beats_a_failure_and_a_success_that_arrive_later()
    {
        var scene = await Scene.CreateAsync(database);
        var row = await scene.ActivatingAsync();
        (await scene.Ledger.CancelAsync(row.Uid, "CancelRequested", "By ada.", default)).Moved.ShouldBeTrue();

        (await scene.Ledger.FailAsync(row.Uid, ReleasePhase.Activating, "Timeout", "Too slow.", null, default)).Moved.ShouldBeFalse();
        var late = await scene.ActivateAsync(row.Uid);

        (late.Moved, late.Row.Phase, late.Row.Reason).ShouldBe((false, ReleasePhase.Cancelled, "CancelRequested"));
    }

    [Fact]
    public async Task What_is_active_cannot_be_cancelled_or_failed_any_more()
    {
        var scene = await Scene.CreateAsync(database);
        var active = await scene.ActiveAsync();

        var cancelled = await scene.Ledger.CancelAsync(active.Uid, "CancelRequested", "", default);

        cancelled.Moved.ShouldBeFalse();
        cancelled.Row.ShouldBeEquivalentTo(active);
        await Should.ThrowAsync<ArgumentException>(() => scene.Ledger.FailAsync(active.Uid, ReleasePhase.Active, "Broken", "", null, default));
        await Should.ThrowAsync<ArgumentException>(() => scene.Ledger.FailAsync(active.Uid, ReleasePhase.Pending, "", "", null, default));
    }

    [Theory]
    [InlineData("activate")]
    [InlineData("fail")]
    [InlineData("cancel")]
    public async Task A_repeat_changes_nothing_also_when_two_operators_do_the_same_at_once(string move)
    {
        await using var elsewhere = database.Connect();
        var scene = await Scene.CreateAsync(database);
        var other = Scene.LedgerOf(elsewhere, scene.Clock);
        for (var round = 0; round < 10; round++)
        {
            var uid = (await scene.ActivatingAsync($"{round}")).Uid;

            var outcomes = await Task.WhenAll(new[] { scene.Ledger, other, scene.Ledger, other }.Select(
                ledger => Task.Run(() => MoveAsync(ledger, move, uid))));
            var again = await MoveAsync(scene.Ledger, move, uid);

            outcomes.Count(outcome => outcome.Moved).ShouldBe(1);
            again.Moved.ShouldBeFalse();
            outcomes.ShouldAllBe(outcome => outcome.Row.Phase == again.Row.Phase);
            again.Row.Transitions.Count.ShouldBe(3);
        }
    }

    [Fact]
    public async Task Knows_nothing_of_a_release_that_was_never_written()
    {
        var scene = await Scene.CreateAsync(database);
        var nobody = Guid.NewGuid();
        (await scene.Ledger.FindReleaseAsync(nobody, default)).ShouldBeNull();
        await Should.ThrowAsync<ReleaseNotFoundException>(() => scene.ActivateAsync(nobody));
        await Should.ThrowAsync<ReleaseNotFoundException>(() => scene.Ledger.CancelAsync(nobody, "CancelRequested", "", default));
        await Should.ThrowAsync<ReleaseNotFoundException>(() => scene.Ledger.BeginRolloutAsync(nobody, 1, TimeSpan.Zero, default));
    }

    /// <summary>With one release after the other, the newest is either in flight or active, and the stack knows of the activating one.</summary>
    private static void ShouldBeOfOneMoment(StackState state)
    {
        var newest = state.Newest.ShouldHaveSingleItem();
        newest.ShouldBeEquivalentTo(state.InFlight.Count == 0 ? state.Active : state.InFlight.ShouldHaveSingleItem());
        if (state.Desired!.Phase == ReleasePhase.Activating)
        {
            state.Stack.Sequence.ShouldBe(state.Desired.Sequence!.Value);
        }
    }

    private static Task<MoveOutcome> MoveAsync(ReleaseLedger ledger, string move, Guid uid) => move switch
    {
        "activate" => ledger.ActivateAsync(uid, Scene.Image.Reference, Scene.Image.Digest, "Available", "", default),
        "fail" => ledger.FailAsync(uid, ReleasePhase.Activating, "Timeout", "Too slow.", null, default),
        _ => ledger.CancelAsync(uid, "CancelRequested", "By ada.", default),
    };

    [Fact]
    public async Task Writes_down_what_a_container_said_whatever_it_was()
    {
        var scene = await Scene.CreateAsync(database);
        var release = await scene.PendingAsync();

        var failed = await scene.Ledger.FailAsync(release.Uid, ReleasePhase.Pending, "BuildFailed", "a\0b", "c\0d", default);

        (failed.Row.Message, failed.Row.LogTail).ShouldBe(("a\uFFFDb", "c\uFFFDd"));
    }
}
