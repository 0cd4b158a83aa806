using Npgsql;
using Shouldly;
using Xunit;

namespace Slipway.Ledger.Tests.Env;

/// <summary>Which variables a release gets, and when one that only brings variables is admitted.</summary>
public sealed class EnvAdmissionTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    public static TheoryData<ConcurrencyPolicy> Policies => new(Enum.GetValues<ConcurrencyPolicy>());

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task A_release_has_the_revision_that_is_newest_when_it_is_admitted_and_keeps_it(ConcurrencyPolicy policy)
    {
        var scene = await EnvScene.CreateAsync(database, policy);
        var without = await scene.Releases.ActiveAsync("without");
        await scene.ApplyAsync("one", "A=1");
        var one = await scene.Releases.PendingAsync("one");
        await scene.ApplyAsync("two", "A=2");
        await scene.Releases.Ledger.TakeSlotAsync(one.Uid, Scene.Image, default);

        await scene.Releases.ActivateAsync(one.Uid);
        await scene.ApplyAsync("three", "A=3");
        var current = (await scene.Releases.AdmitAsync(Current(scene, "current"))).Release!;

        (without.EnvRevision, one.EnvRevision, current.EnvRevision).ShouldBe((null, 1, 3));
        (await scene.Releases.FindAsync(one.Uid)).EnvRevision.ShouldBe(1);
        var state = await scene.Releases.ReadAsync();
        (state.Env!.Number, state.DesiredEnv!.Number, state.Active!.EnvRevision).ShouldBe((3, 1, 1));
    }

    [Fact]
    public async Task A_rollback_has_the_revision_of_its_target()
    {
        var scene = await EnvScene.CreateAsync(database);
        var without = await scene.Releases.ActiveAsync("without");
        await scene.ApplyAsync("one", "A=1");
        var one = await scene.Releases.ActiveAsync("one");
        await scene.ApplyAsync("two", "A=2");
        await scene.Releases.ActiveAsync("two");

        foreach (var (target, revision) in new[] { (one, 1L), (without, (long?)null) })
        {
            var request = scene.Releases.Request($"to-{target.Version}") with
            {
                Source = ReleaseSourceKind.Rollback,
                RollbackTo = target.Version,
                Image = null,
                ResolveDeadline = null,
            };
            var rollback = (await scene.Releases.AdmitAsync(request)).Release!;
            (rollback.RollbackOf, rollback.EnvRevision).ShouldBe((target.Version, revision));
            await scene.Releases.Ledger.CancelAsync(rollback.Uid, "CancelRequested", "", default);
        }

        (await scene.Releases.PendingAsync("next")).EnvRevision.ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task One_that_brings_variables_waits_for_whatever_is_in_flight(ConcurrencyPolicy policy)
    {
        var scene = await EnvScene.CreateAsync(database, policy);
        var active = await scene.Releases.ActiveAsync("active");
        var flying = await scene.Releases.PendingAsync("flying");
        await scene.ApplyAsync("one", "A=1");
        var bringing = Bringing(scene, 1);

        var waiting = await scene.Releases.AdmitAsync(bringing);

        (waiting.Kind, waiting.Holder?.Uid).ShouldBe((AdmissionKind.Waiting, flying.Uid));
        (await scene.Releases.FindAsync(flying.Uid)).Phase.ShouldBe(ReleasePhase.Pending);
        await scene.Releases.Ledger.TakeSlotAsync(flying.Uid, Scene.Image, default);
        (await scene.Releases.AdmitAsync(bringing)).Holder!.Uid.ShouldBe(flying.Uid);
        await scene.Releases.Ledger.FailAsync(flying.Uid, ReleasePhase.Activating, "Timeout", "", null, default);
        var admitted = await scene.Releases.AdmitAsync(bringing);
        (admitted.Kind, admitted.Release!.EnvRevision, admitted.Release.ImageReference).ShouldBe((AdmissionKind.Admitted, 1, active.ImageReference));
        admitted.Release.Version!.Value.Number.ShouldBe(3, "what waits burns no version");
    }

    /// <summary>The one that was building becomes active with its own image, and then the new variables come to it.</summary>
    [Theory]
    [MemberData(nameof(Policies))]
    public async Task It_brings_them_to_the_image_that_is_active_by_then(ConcurrencyPolicy policy)
    {
        var scene = await EnvScene.CreateAsync(database, policy);
        await scene.Releases.ActiveAsync("first");
        var second = await scene.Releases.PendingAsync("second");
        await scene.ApplyAsync("one", "A=1");
        var bringing = Bringing(scene, 1);
        (await scene.Releases.AdmitAsync(bringing)).Kind.ShouldBe(AdmissionKind.Waiting);
        var image = Scene.Image with { Reference = "registry/app@sha256:2", Digest = "sha256:2" };
        await scene.Releases.Ledger.TakeSlotAsync(second.Uid, image, default);
        await scene.Releases.Ledger.ActivateAsync(second.Uid, image.Reference, image.Digest, "Available", "", default);

        var admitted = (await scene.Releases.AdmitAsync(bringing)).Release!;

        (admitted.EnvRevision, admitted.ImageReference, admitted.Digest, admitted.Source).ShouldBe((1, image.Reference, "sha256:2", ReleaseSourceKind.Current));
        (await scene.Releases.FindAsync(second.Uid)).EnvRevision.ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task It_ends_if_the_active_release_has_them_or_newer_ones(ConcurrencyPolicy policy)
    {
        var scene = await EnvScene.CreateAsync(database, policy);
        await scene.Releases.ActiveAsync("first");
        await scene.ApplyAsync("one", "A=1");
        await scene.ApplyAsync("two", "A=2");
        var both = (await scene.Releases.AdmitAsync(Bringing(scene, 1))).Release!;
        both.EnvRevision.ShouldBe(2);
        await scene.Releases.Ledger.TakeSlotAsync(both.Uid, Scene.Image, default);
        await scene.Releases.ActivateAsync(both.Uid);
        var flying = await scene.Releases.PendingAsync("flying");

        foreach (var revision in new[] { 2, 1 })
        {
            var outcome = await scene.Releases.AdmitAsync(Bringing(scene, revision, "late"));

            outcome.Kind.ShouldBe(AdmissionKind.Refused);
            var row = outcome.Release!;
            (row.Phase, row.Reason, row.Version, row.SupersededBy, row.EnvRevision)
                .ShouldBe((ReleasePhase.Superseded, "EnvRevisionActive", null, both.Version, null));
            row.Message.ShouldBe($"{both.Name} (version {both.Version}), which is active, has revision 2 of the variables already.");
        }

        (await scene.Releases.FindAsync(flying.Uid)).Phase.ShouldBe(ReleasePhase.Pending);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task It_ends_if_nothing_is_active_and_nothing_in_flight(ConcurrencyPolicy policy)
    {
        var scene = await EnvScene.CreateAsync(database, policy);
        await scene.ApplyAsync("one", "A=1");
        var flying = await scene.Releases.PendingAsync("flying");
        var bringing = Bringing(scene, 1);
        (await scene.Releases.AdmitAsync(bringing)).Holder!.Uid.ShouldBe(flying.Uid);
        await scene.Releases.Ledger.CancelAsync(flying.Uid, "CancelRequested", "", default);

        var row = (await scene.Releases.AdmitAsync(bringing)).Release!;

        (row.Phase, row.Reason, row.Version).ShouldBe((ReleasePhase.Superseded, "NoActiveRelease", null));
        (await scene.Releases.AdmitAsync(bringing)).Kind.ShouldBe(AdmissionKind.AlreadyKnown);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Nothing_is_admitted_by_a_ledger_that_does_not_know_a_revision_the_cluster_has_seen(ConcurrencyPolicy policy)
    {
        var scene = await EnvScene.CreateAsync(database, policy);
        var request = scene.Releases.Request("first");
        (await scene.Releases.AdmitAsync(request with { SeenEnvRevision = 1 })).Kind.ShouldBe(AdmissionKind.LedgerBehind);
        await scene.ApplyAsync("one", "A=1");

        (await scene.Releases.AdmitAsync(request with { SeenEnvRevision = 2 })).Kind.ShouldBe(AdmissionKind.LedgerBehind);

        (await scene.Releases.Ledger.FindReleaseAsync(request.Uid, default)).ShouldBeNull();
        (await scene.Releases.AdmitAsync(request with { SeenEnvRevision = 1 })).Release!.Version!.Value.Number.ShouldBe(1);
    }

    [Fact]
    public async Task The_database_takes_no_revision_that_is_not_there()
    {
        var scene = await EnvScene.CreateAsync(database);
        await scene.ApplyAsync("one", "A=1");
        await scene.Releases.PendingAsync();
        foreach (var sql in new[]
        {
            "UPDATE slipway.releases SET env_revision = 2 WHERE stack_id = $1",
            "UPDATE slipway.stacks SET env_revision = 2 WHERE id = $1",
            "UPDATE slipway.env_patches SET revision = 2 WHERE stack_id = $1",
            "DELETE FROM slipway.env_revisions WHERE stack_id = $1",
        })
        {
            (await Should.ThrowAsync<PostgresException>(() => scene.Releases.RunAsync(sql))).SqlState.ShouldBe(PostgresErrorCodes.ForeignKeyViolation, sql);
        }
    }

    [Theory]
    [InlineData(0, SqlStates.RevisionNotNext)]
    [InlineData(2, SqlStates.RevisionNotNext)]
    [InlineData(4, SqlStates.RevisionNotNext)]
    [InlineData(3, null)]
    public async Task The_database_takes_a_revision_only_after_the_one_before(long number, string? refusal)
    {
        var scene = await EnvScene.CreateAsync(database);
        await scene.ApplyAsync("one", "A=1");
        await scene.ApplyAsync("two", "A=2");

        var error = await Record.ExceptionAsync(() => scene.Releases.RunAsync($"""
            INSERT INTO slipway.env_revisions (stack_id, number, generation, at, stack_uid, total_bytes, key_id, content, keys, overridden, keys_set, keys_unset)
            SELECT stack_id, {number}, 1, at, stack_uid, total_bytes, key_id, content, keys, overridden, keys_set, keys_unset
            FROM slipway.env_revisions WHERE stack_id = $1 AND number = 2
            """));

        (error as PostgresException)?.SqlState.ShouldBe(refusal);
        (error is null).ShouldBe(refusal is null);
    }

    private static AdmissionRequest Current(EnvScene scene, string name) => scene.Releases.Request(name) with
    {
        Source = ReleaseSourceKind.Current,
        Image = null,
        ResolveDeadline = null,
    };

    private static AdmissionRequest Bringing(EnvScene scene, long revision, string name = "patch") =>
        Current(scene, $"{name}-{revision}") with { EnvRevision = revision, SpecHash = $"{revision}" };
}
