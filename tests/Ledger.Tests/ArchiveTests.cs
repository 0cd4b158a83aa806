using Shouldly;
using Xunit;

namespace Slipway.Ledger.Tests;

/// <summary>Old releases leave the way, and are found by whoever asks for one.</summary>
public sealed class ArchiveTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    private const int Kept = 100;

    [Fact]
    public async Task What_ended_long_ago_moves_and_reads_as_before()
    {
        var scene = await Scene.CreateAsync(database);
        var active = await scene.ActiveAsync("first");
        var failed = await scene.PendingAsync("failed");
        await scene.Ledger.FailAsync(failed.Uid, ReleasePhase.Pending, "ImageUnavailable", "There is none.", "tail", default);
        var refused = await scene.Ledger.RefuseAsync(scene.Refusal(scene.Request("refused")), default);
        await FillAsync(scene, Kept);
        await scene.ActiveAsync("last");
        var before = await FindAllAsync(scene, active.Uid, failed.Uid, refused.Uid);

        (await ArchiveAsync(scene, days: 89)).ShouldBe(0);
        (await ArchiveAsync(scene, days: 2)).ShouldBe(4);

        (await CountAsync(scene, "releases")).ShouldBe(Kept);
        (await FindAllAsync(scene, active.Uid, failed.Uid, refused.Uid)).ShouldBe(before, WholeRow.Comparer);
        before[0].SupersededBy.ShouldNotBeNull();
        (await ArchiveAsync(scene, days: 0)).ShouldBe(4);
    }

    [Fact]
    public async Task An_object_applied_again_finds_its_archived_release_and_a_version_is_never_given_twice()
    {
        var scene = await Scene.CreateAsync(database);
        var request = scene.Request("old");
        await scene.AdmitAsync(request);
        await scene.Ledger.CancelAsync(request.Uid, "Cancelled", "", default);
        var refusal = scene.Refusal(scene.Request("refused"));
        await scene.Ledger.RefuseAsync(refusal, default);
        await scene.ActiveAsync("newest");
        await FillAsync(scene, Kept);
        (await ArchiveAsync(scene, days: 91)).ShouldBe(2);

        var same = await scene.AdmitAsync(request);
        var twin = await scene.AdmitAsync(request with { Uid = Guid.NewGuid() });
        var again = await scene.Ledger.RefuseAsync(refusal with { Uid = Guid.NewGuid() }, default);
        var late = await scene.Ledger.CancelAsync(request.Uid, "Cancelled", "again", default);

        (same.Kind, same.Release!.Uid).ShouldBe((AdmissionKind.AlreadyKnown, request.Uid));
        (twin.Kind, twin.Release!.Uid).ShouldBe((AdmissionKind.AlreadyKnown, request.Uid));
        again.Uid.ShouldBe(refusal.Uid);
        (late.Moved, late.Row.Uid).ShouldBe((false, request.Uid));
        (await scene.Ledger.FindFinishedTwinAsync(request.Namespace, request.Name, request.StackUid, request.SpecHash, request.RerunToken, default))!
            .Uid.ShouldBe(request.Uid);
    }

    [Fact]
    public async Task An_archived_version_that_was_active_can_be_rolled_back_to()
    {
        var scene = await Scene.CreateAsync(database);
        var old = await scene.ActiveAsync("old");
        await scene.ActiveAsync("next");
        await FillAsync(scene, Kept);
        (await ArchiveAsync(scene, days: 91)).ShouldBe(1);

        var outcome = await scene.AdmitAsync(scene.Request("back") with { Source = ReleaseSourceKind.Rollback, RollbackTo = old.Version });

        outcome.Kind.ShouldBe(AdmissionKind.Admitted);
        (outcome.Release!.ImageReference, outcome.Release.Digest, outcome.Release.RollbackOf).ShouldBe((old.ImageReference, old.Digest, old.Version));
    }

    [Fact]
    public async Task Of_a_deleted_stack_the_newest_version_stays_and_its_successor_goes_on_counting()
    {
        var scene = await Scene.CreateAsync(database);
        await scene.ActiveAsync("one");
        var newest = await scene.ActiveAsync("two");
        await scene.Ledger.FinishTeardownAsync(scene.Stack.Uid, default);
        var refused = await scene.Ledger.RefuseAsync(scene.Refusal(scene.Request("late")), default);

        (await ArchiveAsync(scene, days: 91)).ShouldBe(1);

        (await scene.ReadAsync()).Newest.Select(row => row.Uid).ShouldBe([refused.Uid, newest.Uid]);
        var successor = await scene.Ledger.RegisterStackAsync(Scene.Registration(scene.Stack.Name), default);
        var next = await scene.AdmitAsync(scene.Request("three") with { StackUid = successor.Uid });
        next.Release!.Version!.Value.ShouldBeGreaterThan(newest.Version!.Value);
    }

    [Fact]
    public async Task What_is_active_or_in_flight_stays_however_old()
    {
        var scene = await Scene.CreateAsync(database, ConcurrencyPolicy.Parallel);
        var waiting = await scene.PendingAsync("waiting");
        var active = await scene.ActiveAsync("active");
        await FillAsync(scene, Kept);

        (await ArchiveAsync(scene, days: 400)).ShouldBe(0);

        (await scene.ReadAsync()).InFlight.Select(row => row.Uid).ShouldBe([waiting.Uid]);
        (await scene.ReadAsync()).Active!.Uid.ShouldBe(active.Uid);
    }

    [Fact]
    public async Task A_refused_release_that_never_had_a_stack_moves_too()
    {
        var scene = await Scene.CreateAsync(database);
        var refusal = scene.Refusal(scene.Request("alone")) with { StackUid = null };
        var refused = await scene.Ledger.RefuseAsync(refusal, default);

        await ArchiveAsync(scene, days: 91);

        (await database.DataSource.CreateCommand($"SELECT name FROM slipway.releases_archive WHERE uid = '{refused.Uid}'")
            .ListAsync(row => row.GetString(0), default)).ShouldBe([refused.Name]);
        (await FindAllAsync(scene, refused.Uid)).ShouldBe([refused], WholeRow.Comparer);
        (await scene.Ledger.RefuseAsync(refusal with { Uid = Guid.NewGuid() }, default)).Uid.ShouldBe(refused.Uid);
    }

    [Fact]
    public async Task A_restored_stack_has_its_archived_releases_too()
    {
        var scene = await Scene.CreateAsync(database);
        var request = scene.Request("old");
        await scene.AdmitAsync(request);
        await scene.Ledger.CancelAsync(request.Uid, "Cancelled", "", default);
        await scene.ActiveAsync("newest");
        await FillAsync(scene, Kept);
        (await ArchiveAsync(scene, days: 91)).ShouldBe(1);

        var restored = await scene.Ledger.RegisterStackAsync(Scene.Registration(scene.Stack.Name), default);

        var again = await scene.AdmitAsync(request with { Uid = Guid.NewGuid(), StackUid = restored.Uid });
        (again.Kind, again.Release!.Uid, again.Release.StackId).ShouldBe((AdmissionKind.AlreadyKnown, request.Uid, restored.Id));
    }

    [Fact]
    public async Task More_than_one_batch_moves_and_who_is_named_by_a_row_that_stays_stays()
    {
        var scene = await Scene.CreateAsync(database);
        await FillAsync(scene, 1200);
        await scene.RunAsync("""
            UPDATE slipway.releases SET superseded_by = (SELECT min(id) FROM slipway.releases WHERE stack_id = $1)
            WHERE id = (SELECT max(id) FROM slipway.releases WHERE stack_id = $1)
            """);

        (await ArchiveAsync(scene, days: 91)).ShouldBe(1200 - Kept - 1);

        (await CountAsync(scene, "releases")).ShouldBe(Kept + 1);
    }

    [Fact]
    public void Who_is_named_from_outside_stays_and_so_does_whom_that_one_names()
    {
        Leaving((1, [9]), (2, [1]), (3, [2]), (4, []), (5, [4])).ShouldBe([4, 5]);
        Leaving((1, [2]), (2, [1])).ShouldBe([1, 2]);
        Leaving().ShouldBeEmpty();
    }

    /// <summary>A column that a later migration adds to the one must be added to the other.</summary>
    [Fact]
    public async Task The_archive_has_every_column_that_is_not_computed()
    {
        var own = await ColumnsAsync("releases", "AND is_generated = 'NEVER'");
        var archived = await ColumnsAsync("releases_archive", "AND column_name NOT IN ('superseded_day', 'superseded_number', 'archived_at', 'transitions')");

        archived.ShouldBe(own);
        ReleaseArchive.Columns.Split([',', ' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Order().ShouldBe(own);
    }

    private static long[] Leaving(params (long Id, long[] NamedBy)[] candidates) =>
        ReleaseArchive.Unreferenced([.. candidates.Select(one => new ReleaseArchive.Old(one.Id, one.NamedBy))]);

    /// <summary>Archives what ended ninety days before, so many days later.</summary>
    /// <returns>How many releases of the stack are archived by then.</returns>
    private async Task<long> ArchiveAsync(Scene scene, int days)
    {
        scene.Clock.Advance(TimeSpan.FromDays(days));
        await scene.Ledger.ArchiveAsync(scene.Clock.GetUtcNow() - TimeSpan.FromDays(90), default);
        return await CountAsync(scene, "releases_archive");
    }

    /// <summary>Refused releases of the stack, as many as asked for.</summary>
    private static Task FillAsync(Scene scene, int count) => scene.RunAsync($"""
        INSERT INTO slipway.releases (uid, namespace, name, stack_id, stack_uid, stack_name, spec_hash, phase, reason, message,
                                      created_at, changed_at, finished_at)
        SELECT gen_random_uuid(), s.namespace, 'fill-' || n, s.id, s.uid, s.name, 'hash', 'cancelled', 'Cancelled', '',
               '{scene.Clock.GetUtcNow():O}', '{scene.Clock.GetUtcNow():O}', '{scene.Clock.GetUtcNow():O}'
        FROM slipway.stacks s, generate_series(1, {count}) AS n WHERE s.id = $1
        """);

    private static async Task<ReleaseRow[]> FindAllAsync(Scene scene, params Guid[] uids) =>
        await Task.WhenAll(uids.Select(scene.FindAsync));

    private async Task<long> CountAsync(Scene scene, string table) => (await database.DataSource
        .CreateCommand($"SELECT count(*) FROM slipway.{table} WHERE stack_id = {scene.Stack.Id}").ListAsync(row => row.GetInt64(0), default)).Single();

    private async Task<List<string>> ColumnsAsync(string table, string condition)
    {
        var sql = $"SELECT column_name FROM information_schema.columns WHERE table_schema = 'slipway' AND table_name = '{table}' {condition} ORDER BY 1";
        return [.. (await database.DataSource.CreateCommand(sql).ListAsync(row => row.GetString(0), default)).Order()];
    }
}
