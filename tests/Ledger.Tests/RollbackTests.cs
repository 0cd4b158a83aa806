using Shouldly;
using Xunit;

namespace Slipway.Ledger.Tests;

/// <summary>Releases that take the image of another one.</summary>
public sealed class RollbackTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    [Fact]
    public async Task Restores_image_and_template_and_makes_the_replaced_release_rolled_back()
    {
        var scene = await Scene.CreateAsync(database);
        var first = await scene.ActiveAsync("first");
        var second = await scene.ActiveAsync("second");

        var rollback = (await scene.AdmitAsync(Rollback(scene, first) with { Template = """{ "another": 1 }""" })).Release!;

        rollback.Version!.Value.ShouldBeGreaterThan(second.Version!.Value);
        (rollback.Source, rollback.RollbackOf, rollback.ImageReference, rollback.Digest, rollback.Pinned, rollback.Template, rollback.DeadlineAt)
            .ShouldBe((ReleaseSourceKind.Rollback, first.Version, first.ImageReference, first.Digest, true, first.Template, null));
        rollback.Digests.ShouldBe(first.Digests);
        (await TakeSlotAsync(scene, rollback)).Kind.ShouldBe(SlotKind.Taken);
        (await scene.ActivateAsync(rollback.Uid)).Moved.ShouldBeTrue();
        var replaced = await scene.FindAsync(second.Uid);
        (replaced.Phase, replaced.SupersededBy).ShouldBe((ReleasePhase.RolledBack, rollback.Version));
        (await scene.FindAsync(first.Uid)).Phase.ShouldBe(ReleasePhase.Superseded, "its own record stays as it was");
    }

    [Fact]
    public async Task Can_be_asked_for_again_after_a_cancelled_and_a_failed_attempt()
    {
        var scene = await Scene.CreateAsync(database);
        var first = await scene.ActiveAsync("first");
        var second = await scene.ActiveAsync("second");
        var cancelled = (await scene.AdmitAsync(Rollback(scene, first, "cancelled"))).Release!;
        await scene.Ledger.CancelAsync(cancelled.Uid, "Cancelled", "", default);
        var failed = (await scene.AdmitAsync(Rollback(scene, first, "failed"))).Release!;
        await TakeSlotAsync(scene, failed);
        var ended = await scene.Ledger.FailAsync(failed.Uid, ReleasePhase.Activating, "ProgressDeadlineExceeded", "0 of 1", null, default);

        ended.Row.Message.ShouldBe($"0 of 1; {second.Name} (version {second.Version}), which was active, is put back");
        (await scene.ReadAsync()).Desired!.Uid.ShouldBe(second.Uid);
        var third = (await scene.AdmitAsync(Rollback(scene, first, "third"))).Release!;
        third.ImageReference.ShouldBe(first.ImageReference);
        third.RollbackOf.ShouldBe(first.Version);
    }

    [Fact]
    public async Task Refuses_unknown_foreign_never_active_and_active_versions()
    {
        var scene = await Scene.CreateAsync(database);
        var neighbour = await Scene.CreateAsync(database);
        var failed = await scene.ActivatingAsync("failed");
        await scene.Ledger.FailAsync(failed.Uid, ReleasePhase.Activating, "Timeout", "", null, default);
        var active = await scene.ActiveAsync("active");
        for (var number = 0; number < 3; number++)
        {
            await neighbour.ActiveAsync($"{number}");
        }

        var foreign = await neighbour.FindAsync((await neighbour.ReadAsync()).Newest[1].Uid);

        await RefusedAsync(scene, Rollback(scene, active, "1") with { RollbackTo = new ReleaseVersion(new DateOnly(2020, 1, 1), 1) }, "VersionNotFound");
        await RefusedAsync(scene, Rollback(scene, active, "2") with { RollbackTo = new ReleaseVersion(foreign.Version!.Value.Day, 3) }, "VersionNotFound");
        await RefusedAsync(scene, Rollback(scene, failed, "3"), "VersionNeverActive");
        await RefusedAsync(scene, Rollback(scene, active, "4"), "VersionActive");
        (await scene.PendingAsync("next")).Version!.Value.Number.ShouldBe(3, "a refused release burns no version");
    }

    [Fact]
    public async Task Refuses_a_version_of_a_former_stack_of_the_name()
    {
        var scene = await Scene.CreateAsync(database);
        var former = await scene.ActiveAsync("former");
        await scene.Ledger.BeginTeardownAsync(scene.Stack.Uid, default);
        await scene.Ledger.FinishTeardownAsync(scene.Stack.Uid, default);
        var again = Scene.Registration(scene.Stack.Name);
        await scene.Ledger.RegisterStackAsync(again, default);

        await RefusedAsync(scene, Rollback(scene, former) with { StackUid = again.Uid }, "VersionNotFound");
    }

    [Fact]
    public async Task Waits_for_its_turn_when_what_is_in_flight_may_make_its_version_a_target()
    {
        var scene = await Scene.CreateAsync(database);
        var first = await scene.ActiveAsync("first");
        var second = await scene.ActivatingAsync("second");

        (await scene.AdmitAsync(Rollback(scene, first))).Kind.ShouldBe(AdmissionKind.Waiting);
        (await scene.AdmitAsync(Rollback(scene, second, "to-second"))).Kind.ShouldBe(AdmissionKind.Waiting);
        await scene.ActivateAsync(second.Uid);
        (await scene.AdmitAsync(Rollback(scene, first))).Kind.ShouldBe(AdmissionKind.Admitted);
    }

    [Fact]
    public async Task Current_takes_the_image_that_is_active_at_its_admission_with_the_template_of_now()
    {
        var scene = await Scene.CreateAsync(database);
        await RefusedAsync(scene, Current(scene, "too-early"), "NoActiveRelease");
        await scene.ActiveAsync("first");
        var second = await scene.ActiveAsync("second");

        var current = (await scene.AdmitAsync(Current(scene, "current") with { Template = """{ "another": 1 }""" })).Release!;

        (current.Source, current.ImageReference, current.Digest, current.Template).ShouldBe(
            (ReleaseSourceKind.Current, second.ImageReference, second.Digest, """{ "another": 1 }"""));
        await TakeSlotAsync(scene, current);
        await scene.ActivateAsync(current.Uid);
        (await scene.FindAsync(second.Uid)).Phase.ShouldBe(ReleasePhase.Superseded);
    }

    private static AdmissionRequest Rollback(Scene scene, ReleaseRow target, string name = "rollback") =>
        scene.Request(name) with { Source = ReleaseSourceKind.Rollback, Image = null, RollbackTo = target.Version, ResolveDeadline = null };

    private static AdmissionRequest Current(Scene scene, string name) =>
        scene.Request(name) with { Source = ReleaseSourceKind.Current, Image = null, ResolveDeadline = null };

    private static Task<SlotOutcome> TakeSlotAsync(Scene scene, ReleaseRow release) => scene.Ledger.TakeSlotAsync(
        release.Uid, new ResolvedImage(release.ImageReference!, release.Digest, release.Digests, release.Pinned), default);

    private static async Task RefusedAsync(Scene scene, AdmissionRequest request, string reason)
    {
        var outcome = await scene.AdmitAsync(request);
        (outcome.Kind, outcome.Release?.Phase, outcome.Release?.Reason, outcome.Release?.Version)
            .ShouldBe((AdmissionKind.Refused, ReleasePhase.Failed, reason, null));
    }
}
