using Shouldly;
using Xunit;

namespace Slipway.Ledger.Tests;

/// <summary>The way of a release that is built.</summary>
public sealed class BuildMoveTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Goes_from_pending_over_building_and_pushing_to_activating_each_with_a_deadline_of_its_own()
    {
        var scene = await Scene.CreateAsync(database);
        var pending = (await scene.AdmitAsync(Git(scene))).Release!;
        (pending.Source, pending.Build, pending.DeadlineAt).ShouldBe((ReleaseSourceKind.Git, """{ "git": 1.0 }""", null));
        pending.ImageReference.ShouldBe($"registry/app:{pending.Version}");

        (await scene.Ledger.AwaitBuildAsync(pending.Uid, Minute, default)).Row.DeadlineAt.ShouldBe(scene.Clock.GetUtcNow() + Minute);
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        var again = await scene.Ledger.AwaitBuildAsync(pending.Uid, Minute, default);
        (again.Moved, again.Row.DeadlineAt).ShouldBe((false, scene.Clock.GetUtcNow() + Minute - TimeSpan.FromSeconds(1)));
        var building = await scene.Ledger.BeginBuildAsync(pending.Uid, 2 * Minute, default);
        (building.Moved, building.Row.Phase, building.Row.DeadlineAt).ShouldBe((true, ReleasePhase.Building, scene.Clock.GetUtcNow() + (2 * Minute)));
        var pushing = await scene.Ledger.BeginPushAsync(pending.Uid, "abc", 3 * Minute, default);
        (pushing.Moved, pushing.Row.Phase, pushing.Row.Revision, pushing.Row.DeadlineAt)
            .ShouldBe((true, ReleasePhase.Pushing, "abc", scene.Clock.GetUtcNow() + (3 * Minute)));
        var slot = await scene.Ledger.TakeSlotAsync(pending.Uid, Scene.Image, default);
        (slot.Kind, slot.Release.Digest, slot.Release.Revision).ShouldBe((SlotKind.Taken, "sha256:1", "abc"));
    }

    [Fact]
    public async Task A_move_from_another_phase_than_it_expects_changes_nothing()
    {
        var scene = await Scene.CreateAsync(database);
        var release = (await scene.AdmitAsync(Git(scene))).Release!;

        (await scene.Ledger.BeginPushAsync(release.Uid, null, Minute, default)).Moved.ShouldBeFalse();
        await scene.Ledger.BeginBuildAsync(release.Uid, Minute, default);
        (await scene.Ledger.BeginBuildAsync(release.Uid, 2 * Minute, default)).Moved.ShouldBeFalse();
        (await scene.Ledger.AwaitBuildAsync(release.Uid, 9 * Minute, default)).Moved.ShouldBeFalse();
        await scene.Ledger.CancelAsync(release.Uid, "Cancelled", "", default);
        (await scene.Ledger.BeginPushAsync(release.Uid, null, Minute, default)).Row.Phase.ShouldBe(ReleasePhase.Cancelled);
        (await scene.Ledger.FailAsync(release.Uid, ReleasePhase.Building, "BuildFailed", "", null, default)).Row.Phase.ShouldBe(ReleasePhase.Cancelled);
    }

    [Fact]
    public async Task A_release_that_is_not_built_has_no_clock_to_start_for_a_build_and_cannot_build()
    {
        var scene = await Scene.CreateAsync(database);
        var release = await scene.PendingAsync();

        (await scene.Ledger.AwaitBuildAsync(release.Uid, Minute, default)).Moved.ShouldBeFalse();
        await Should.ThrowAsync<Npgsql.PostgresException>(() => scene.Ledger.BeginBuildAsync(release.Uid, Minute, default));
    }

    [Fact]
    public async Task A_ledger_that_does_not_know_a_version_that_was_seen_hands_out_none()
    {
        var scene = await Scene.CreateAsync(database);
        var seen = new ReleaseVersion(new DateOnly(2026, 11, 22), 1);

        (await scene.AdmitAsync(scene.Request() with { Seen = seen })).Kind.ShouldBe(AdmissionKind.LedgerBehind);
        await scene.ActiveAsync("first");
        (await scene.AdmitAsync(scene.Request() with { Seen = seen with { Number = 2 } })).Kind.ShouldBe(AdmissionKind.LedgerBehind);
        (await scene.AdmitAsync(scene.Request() with { Seen = seen })).Kind.ShouldBe(AdmissionKind.Admitted);
    }

    private static AdmissionRequest Git(Scene scene) => scene.Request() with
    {
        Source = ReleaseSourceKind.Git,
        Image = null,
        Build = """{ "git": 1.0 }""",
        ResolveDeadline = null,
    };
}
