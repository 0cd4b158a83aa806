using Npgsql;
using Shouldly;
using Xunit;

namespace Slipway.Ledger.Tests;

/// <summary>What the database itself refuses, whoever asks.</summary>
public sealed class InvariantTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    private static readonly ReleaseVersion First = new(new DateOnly(2026, 11, 22), 1);

    [Fact]
    public async Task Moves_between_all_pairs_of_phases_are_refused_exactly_where_the_table_does_not_have_them()
    {
        var scene = await Scene.CreateAsync(database);
        var legal = await scene.Ledger.ReadLegalTransitionsAsync(default);
        legal.Count.ShouldBe(7 + (4 * 3));
        foreach (var from in Enum.GetValues<ReleasePhase>())
        {
            foreach (var to in Enum.GetValues<ReleasePhase>())
            {
                var refusal = await MoveAsync(scene.Stack, from, to);
                (refusal is null).ShouldBe(legal.Contains((from, to)), $"{from} → {to}: {refusal?.Message}");
                refusal?.SqlState.ShouldBe(SqlStates.IllegalTransition);
            }
        }
    }

    [Theory]
    [InlineData("pending", true, true)]
    [InlineData("building", true, false)]
    [InlineData("pushing", true, false)]
    [InlineData("activating", true, false)]
    [InlineData("active", true, false)]
    [InlineData("superseded", true, false)]
    [InlineData("superseded", false, true)]
    [InlineData("rolled_back", true, false)]
    [InlineData("failed", true, false)]
    [InlineData("failed", false, true)]
    [InlineData("cancelled", true, false)]
    [InlineData("cancelled", false, true)]
    public async Task A_release_begins_as_pending_or_as_ended_without_a_version(string phase, bool versioned, bool legal)
    {
        var scene = await Scene.CreateAsync(database);
        var version = versioned ? "'2026-11-22', 1" : "NULL, NULL";
        var finished = phase is "pending" or "building" or "pushing" or "activating" ? "NULL" : "now()";
        var sql = $"""
            INSERT INTO slipway.releases (uid, namespace, name, stack_id, stack_uid, stack_name, spec_hash, phase, version_day, version_number,
                                          image_reference, build, reason, created_at, changed_at, started_at, finished_at)
            VALUES (gen_random_uuid(), 'team', 'raw', $1, '{scene.Stack.Uid}', '{scene.Stack.Name}', 'raw', '{phase}', {version},
                    'image', '[]', 'Because', now(), now(), now(), {finished})
            """;
        var error = await TryAsync(() => scene.RunAsync(sql));
        (error is null).ShouldBe(legal, error?.Message);
        error?.SqlState.ShouldBe(SqlStates.IllegalTransition);
    }

    [Theory]
    [InlineData("releases_version_whole", "version_number = NULL")]
    [InlineData("releases_version_positive", "version_number = 0")]
    [InlineData("releases_version_known", "version_day = NULL, version_number = NULL")]
    [InlineData("releases_stack_known", "stack_id = NULL")]
    [InlineData("releases_stack_known", "stack_uid = NULL")]
    [InlineData("releases_started", "started_at = NULL")]
    [InlineData("releases_image_known", "phase = 'activating', image_reference = NULL")]
    [InlineData("releases_digest_known", "phase = 'activating', pinned = true, digest = NULL")]
    [InlineData("releases_finished", "finished_at = now()")]
    [InlineData("releases_finished", "phase = 'cancelled'")]
    [InlineData("releases_nothing_awaited", "phase = 'cancelled', finished_at = now(), deadline_at = now()")]
    [InlineData("releases_nothing_awaited", "phase = 'cancelled', finished_at = now(), slot_requested_at = now()")]
    [InlineData("releases_failure_explained", "phase = 'failed', finished_at = now(), reason = ''")]
    [InlineData("releases_collisions", "collisions = attempts + 1")]
    public async Task A_row_that_cannot_be_true_is_refused_by_name(string constraint, string change)
    {
        var scene = await Scene.CreateAsync(database);
        await scene.RunAsync(RawRelease.Insert(scene.Stack, First) + "-- $1");
        var error = await TryAsync(() => scene.RunAsync($"UPDATE slipway.releases SET {change} WHERE stack_id = $1"));
        error.ShouldNotBeNull();
        (error.SqlState, error.ConstraintName).ShouldBe((PostgresErrorCodes.CheckViolation, constraint));
    }

    [Fact]
    public async Task Two_of_a_kind_are_refused_per_stack()
    {
        var scene = await Scene.CreateAsync(database);
        var day = First.Day;
        await InsertAsync(scene.Stack, 1, exclusive: true);
        (await TryAsync(() => InsertAsync(scene.Stack, 2, exclusive: true))).ShouldNotBeNull().ConstraintName.ShouldBe(SqlStates.OneExclusive);
        (await TryAsync(() => InsertAsync(scene.Stack, 1))).ShouldNotBeNull().ConstraintName.ShouldBe(SqlStates.VersionUnique);

        await InsertAsync(scene.Stack, 2);
        await scene.RunAsync("UPDATE slipway.releases SET phase = 'activating' WHERE stack_id = $1 AND version_number = 1");
        (await TryAsync(() => scene.RunAsync("UPDATE slipway.releases SET phase = 'activating' WHERE stack_id = $1 AND version_number = 2")))
            .ShouldNotBeNull().ConstraintName.ShouldBe(SqlStates.OneActivating);

        const string activate = "UPDATE slipway.releases SET phase = 'active', finished_at = now() WHERE stack_id = $1 AND phase = 'activating'";
        await scene.RunAsync(activate);
        await scene.RunAsync("UPDATE slipway.releases SET phase = 'activating' WHERE stack_id = $1 AND version_number = 2");
        (await TryAsync(() => scene.RunAsync(activate))).ShouldNotBeNull().ConstraintName.ShouldBe(SqlStates.OneActive);
    }

    [Fact]
    public async Task One_object_and_one_identity_have_one_row_also_without_a_stack()
    {
        var scene = await Scene.CreateAsync(database);
        var uid = Guid.NewGuid();
        await RunAsync(RawRelease.Insert(scene.Stack, First, uid));
        (await TryAsync(() => RunAsync(RawRelease.Insert(scene.Stack, First with { Number = 2 }, uid))))
            .ShouldNotBeNull().ConstraintName.ShouldBe(SqlStates.UidUnique);

        var unbound = $"""
            INSERT INTO slipway.releases (uid, namespace, name, stack_name, spec_hash, phase, created_at, changed_at, finished_at)
            VALUES (gen_random_uuid(), 'team', '{scene.Stack.Name}', '{scene.Stack.Name}', 'raw', 'cancelled', now(), now(), now())
            """;
        await RunAsync(unbound);
        (await TryAsync(() => RunAsync(unbound))).ShouldNotBeNull().ConstraintName.ShouldBe(SqlStates.IdentityUnique);
    }

    [Fact]
    public async Task Every_move_leaves_its_record_whoever_makes_it()
    {
        var scene = await Scene.CreateAsync(database);
        await scene.RunAsync(RawRelease.Insert(scene.Stack, First) + "-- $1");
        await scene.RunAsync("UPDATE slipway.releases SET phase = 'activating', reason = 'ByHand', message = 'who knows' WHERE stack_id = $1");
        await scene.RunAsync("UPDATE slipway.releases SET phase = 'failed', reason = 'ByHand', finished_at = now() WHERE stack_id = $1");

        var state = await scene.ReadAsync();
        var row = state.Newest.ShouldHaveSingleItem();
        row.Transitions.Select(step => (step.From, step.To, step.Reason)).ShouldBe(
        [
            (null, ReleasePhase.Pending, ""),
            (ReleasePhase.Pending, ReleasePhase.Activating, "ByHand"),
            (ReleasePhase.Activating, ReleasePhase.Failed, "ByHand"),
        ]);
        (row.Sequence, state.Stack.Sequence).ShouldBe((row.Transitions[1].Id, row.Transitions[2].Id));
    }

    /// <summary>Puts a row into a phase past the triggers, tries the move, and takes everything back.</summary>
    private async Task<PostgresException?> MoveAsync(StackRow stack, ReleasePhase from, ReleasePhase to)
    {
        var where = $"WHERE stack_id = {stack.Id}";
        await using var rival = await Rival.BeginAsync(database);
        await rival.InsertAsync(stack, First);
        await rival.RunAsync("SET CONSTRAINTS ALL IMMEDIATE");
        await rival.RunAsync("ALTER TABLE slipway.releases DISABLE TRIGGER USER");
        await rival.RunAsync($"UPDATE slipway.releases SET phase = '{from.ToSql()}', reason = 'Because', finished_at = {Finished(from)} {where}");
        await rival.RunAsync("ALTER TABLE slipway.releases ENABLE TRIGGER USER");
        return await TryAsync(() => rival.RunAsync($"UPDATE slipway.releases SET phase = '{to.ToSql()}', finished_at = {Finished(to)} {where}"));
    }

    private static string Finished(ReleasePhase phase) => phase.IsInFlight() ? "NULL" : "now()";

    private Task InsertAsync(StackRow stack, int number, bool exclusive = false) =>
        RunAsync(RawRelease.Insert(stack, First with { Number = number }, exclusive: exclusive));

    private async Task RunAsync(string sql) => await database.DataSource.CreateCommand(sql).RunAsync(default);

    private static async Task<PostgresException?> TryAsync(Func<Task> work)
    {
        try
        {
            await work();
            return null;
        }
        catch (PostgresException error)
        {
            return error;
        }
    }
}
