using Shouldly;
using Xunit;

namespace Slipway.Ledger.Tests;

public sealed class SlotTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    [Fact]
    public async Task Makes_a_release_activating_with_its_image_and_moves_the_stacks_sequence()
    {
        var scene = await Scene.CreateAsync(database);
        var pending = await scene.PendingAsync();
        scene.Clock.Advance(TimeSpan.FromSeconds(7));

        var outcome = await scene.Ledger.TakeSlotAsync(pending.Uid, Scene.Image, default);

        outcome.Kind.ShouldBe(SlotKind.Taken);
        var row = outcome.Release;
        (row.Phase, row.ImageReference, row.Digest, row.Pinned, row.DeadlineAt).ShouldBe(
            (ReleasePhase.Activating, Scene.Image.Reference, "sha256:1", true, null));
        row.Digests.ShouldBe(["sha256:1", "sha256:2"]);
        row.Transitions.Select(step => (step.From, step.To)).ShouldBe(
            [(null, ReleasePhase.Pending), (ReleasePhase.Pending, ReleasePhase.Activating)]);
        row.Transitions[^1].At.ShouldBe(scene.Clock.GetUtcNow());
        row.Sequence.ShouldBe(row.Transitions[^1].Id);
        (await scene.ReadAsync()).Stack.Sequence.ShouldBe(row.Sequence!.Value);
    }

    [Fact]
    public async Task Waits_while_the_slot_is_held_with_the_image_kept_and_no_deadline_running()
    {
        var scene = await Scene.CreateAsync(database, ConcurrencyPolicy.Parallel);
        var holder = await scene.ActivatingAsync("holder");
        var next = await scene.PendingAsync("next");

        var outcome = await scene.Ledger.TakeSlotAsync(next.Uid, Scene.Image, default);

        (outcome.Kind, outcome.Holder!.Uid).ShouldBe((SlotKind.Waiting, holder.Uid));
        (outcome.Release.Phase, outcome.Release.DeadlineAt, outcome.Release.SlotRequestedAt, outcome.Release.ImageReference).ShouldBe(
            (ReleasePhase.Pending, null, scene.Clock.GetUtcNow(), Scene.Image.Reference));

        scene.Clock.Advance(TimeSpan.FromMinutes(1));
        (await scene.Ledger.TakeSlotAsync(next.Uid, Scene.Image, default)).Release.ShouldBeEquivalentTo(outcome.Release);
        await scene.ActivateAsync(holder.Uid);
        var taken = await scene.Ledger.TakeSlotAsync(next.Uid, Scene.Image, default);
        (taken.Kind, taken.Release.SlotRequestedAt).ShouldBe((SlotKind.Taken, null));
    }

    [Fact]
    public async Task The_highest_waiting_version_takes_the_slot_and_lower_ones_end_superseded()
    {
        var scene = await Scene.CreateAsync(database, ConcurrencyPolicy.Parallel);
        var holder = await scene.ActivatingAsync("1");
        var waiting = new List<ReleaseRow>();
        for (var number = 2; number <= 4; number++)
        {
            waiting.Add(await scene.PendingAsync($"{number}"));
            (await scene.Ledger.TakeSlotAsync(waiting[^1].Uid, Scene.Image, default)).Kind.ShouldBe(SlotKind.Waiting);
        }

        await scene.ActivateAsync(holder.Uid);

        var second = await scene.Ledger.TakeSlotAsync(waiting[0].Uid, Scene.Image, default);
        (second.Kind, second.Holder!.Uid).ShouldBe((SlotKind.Waiting, waiting[2].Uid));
        (await scene.Ledger.TakeSlotAsync(waiting[2].Uid, Scene.Image, default)).Kind.ShouldBe(SlotKind.Taken);
        await scene.ActivateAsync(waiting[2].Uid);
        foreach (var lower in waiting.Take(2))
        {
            var outcome = await scene.Ledger.TakeSlotAsync(lower.Uid, Scene.Image, default);
            outcome.Kind.ShouldBe(SlotKind.Superseded);
            (outcome.Release.Phase, outcome.Release.SupersededBy, outcome.Release.Sequence)
                .ShouldBe((ReleasePhase.Superseded, waiting[2].Version, null));
            (await scene.Ledger.TakeSlotAsync(lower.Uid, Scene.Image, default)).Release.ShouldBeEquivalentTo(outcome.Release);
        }
    }

    [Fact]
    public async Task A_lower_version_takes_the_slot_when_the_higher_one_has_failed()
    {
        var scene = await Scene.CreateAsync(database, ConcurrencyPolicy.Parallel);
        var lower = await scene.PendingAsync("lower");
        var higher = await scene.ActivatingAsync("higher");
        (await scene.Ledger.TakeSlotAsync(lower.Uid, Scene.Image, default)).Kind.ShouldBe(SlotKind.Waiting);

        await scene.Ledger.FailAsync(higher.Uid, ReleasePhase.Activating, "ProgressDeadlineExceeded", "Too slow.", null, default);

        (await scene.Ledger.TakeSlotAsync(lower.Uid, Scene.Image, default)).Kind.ShouldBe(SlotKind.Taken);
    }

    [Fact]
    public async Task An_older_version_that_meets_a_newer_ones_commit_does_not_activate_over_it()
    {
        var scene = await Scene.CreateAsync(database, ConcurrencyPolicy.Parallel);
        var older = await scene.PendingAsync("older");
        var newer = await scene.ActivatingAsync("newer");
        await using var rival = await Rival.BeginAsync(database);
        await rival.RunAsync($"SELECT FROM slipway.stacks WHERE id = {scene.Stack.Id} FOR UPDATE");
        await rival.RunAsync($"UPDATE slipway.releases SET phase = 'active', finished_at = now(), changed_at = now() WHERE id = {newer.Id}");

        var attempt = Task.Run(() => scene.Ledger.TakeSlotAsync(older.Uid, Scene.Image, default));
        await rival.BlocksAsync(1);
        await rival.CommitAsync();

        var outcome = await attempt;
        (outcome.Kind, outcome.Release.Phase, outcome.Release.SupersededBy).ShouldBe(
            (SlotKind.Superseded, ReleasePhase.Superseded, newer.Version));
        (await scene.ReadAsync()).Active!.Uid.ShouldBe(newer.Uid);
    }

    [Fact]
    public async Task A_cancelled_release_cannot_take_it_not_even_when_the_cancel_commits_in_between()
    {
        var scene = await Scene.CreateAsync(database);
        var pending = await scene.PendingAsync();
        await using var rival = await Rival.BeginAsync(database);
        await rival.RunAsync($"SELECT FROM slipway.stacks WHERE id = {scene.Stack.Id} FOR UPDATE");
        await rival.RunAsync($"""
            UPDATE slipway.releases SET phase = 'cancelled', finished_at = now(), changed_at = now(), deadline_at = NULL WHERE id = {pending.Id}
            """);

        var attempt = Task.Run(() => scene.Ledger.TakeSlotAsync(pending.Uid, Scene.Image, default));
        await rival.BlocksAsync(1);
        await rival.CommitAsync();

        var outcome = await attempt;
        (outcome.Kind, outcome.Release.Phase).ShouldBe((SlotKind.Refused, ReleasePhase.Cancelled));
        (await scene.ReadAsync()).Stack.Sequence.ShouldBe(scene.Stack.Sequence);
    }

    [Fact]
    public async Task Only_one_of_many_gets_it_and_asking_again_is_answered_the_same()
    {
        var scene = await Scene.CreateAsync(database, ConcurrencyPolicy.Parallel);
        await using var elsewhere = database.Connect();
        var other = Scene.LedgerOf(elsewhere, scene.Clock);
        var releases = new List<ReleaseRow>();
        for (var number = 0; number < 8; number++)
        {
            releases.Add(await scene.PendingAsync($"{number}"));
        }

        var outcomes = await Task.WhenAll(releases.SelectMany(release => new[] { scene.Ledger, other }.Select(
            ledger => Task.Run(() => ledger.TakeSlotAsync(release.Uid, Scene.Image, default)))));

        var taken = outcomes.Where(outcome => outcome.Kind == SlotKind.Taken).Select(outcome => outcome.Release.Uid).Distinct().ShouldHaveSingleItem();
        outcomes.ShouldAllBe(outcome => outcome.Kind == SlotKind.Waiting || outcome.Kind == SlotKind.Taken);
        var again = await scene.Ledger.TakeSlotAsync(taken, Scene.Image, default);
        again.Kind.ShouldBe(SlotKind.Taken);
        again.Release.Transitions.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Is_taken_from_pushing_and_not_from_building()
    {
        var scene = await Scene.CreateAsync(database);
        var release = await scene.PendingAsync();
        await scene.RunAsync("UPDATE slipway.releases SET phase = 'building', build = '{}' WHERE stack_id = $1");
        (await scene.Ledger.TakeSlotAsync(release.Uid, Scene.Image, default)).Kind.ShouldBe(SlotKind.Refused);
        await scene.RunAsync("UPDATE slipway.releases SET phase = 'pushing' WHERE stack_id = $1");
        (await scene.Ledger.TakeSlotAsync(release.Uid, Scene.Image, default)).Kind.ShouldBe(SlotKind.Taken);
    }

    [Fact]
    public async Task Refuses_a_pinned_image_without_a_digest_and_a_release_it_never_heard_of()
    {
        var scene = await Scene.CreateAsync(database);
        var release = await scene.PendingAsync();
        await Should.ThrowAsync<ArgumentException>(
            () => scene.Ledger.TakeSlotAsync(release.Uid, new ResolvedImage("registry/app", null, [], Pinned: true), default));
        (await Should.ThrowAsync<ReleaseNotFoundException>(
            () => scene.Ledger.TakeSlotAsync(scene.Stack.Uid, Scene.Image, default))).Uid.ShouldBe(scene.Stack.Uid);
    }
}
