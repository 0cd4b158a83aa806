using System.Collections.Concurrent;
using Npgsql;
using Shouldly;
using Slipway.Retry;
using Xunit;

namespace Slipway.Ledger.Tests;

public sealed class AdmissionTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    private static readonly DateOnly Today = new(2026, 11, 22);

    [Fact]
    public async Task Writes_a_pending_release_with_everything_it_was_told()
    {
        var scene = await Scene.CreateAsync(database);
        var request = scene.Request();

        var row = (await scene.AdmitAsync(request)).Release!;

        (row.Uid, row.Namespace, row.Name, row.StackUid, row.StackName).ShouldBe(
            (request.Uid, request.Namespace, request.Name, scene.Stack.Uid, scene.Stack.Name));
        (row.Phase, row.Version, row.Image, row.ImageReference).ShouldBe(
            (ReleasePhase.Pending, new ReleaseVersion(Today, 1), "registry/app", "registry/app:20261122.1"));
        (row.SpecHash, row.RerunToken, row.RequestedBy, row.Template).ShouldBe(("hash", "", "ada", request.Template));
        (row.Attempts, row.Collisions, row.Exclusive, row.Pinned).ShouldBe((1, 0, true, false));
        var now = scene.Clock.GetUtcNow();
        (row.CreatedAt, row.StartedAt, row.FinishedAt, row.DeadlineAt).ShouldBe((now, now, null, now + TimeSpan.FromMinutes(5)));
        var transition = row.Transitions.ShouldHaveSingleItem();
        (transition.From, transition.To, transition.At).ShouldBe((null, ReleasePhase.Pending, now));
        (await scene.FindAsync(request.Uid)).ShouldBeEquivalentTo(row);
    }

    [Theory]
    [InlineData(ConcurrencyPolicy.Queue)]
    [InlineData(ConcurrencyPolicy.Parallel)]
    public async Task Counts_on_within_a_day_and_from_one_on_the_next(ConcurrencyPolicy policy)
    {
        var scene = await Scene.CreateAsync(database, policy);
        var versions = new List<string>();
        for (var day = 0; day < 2; day++)
        {
            for (var release = 0; release < 11; release++)
            {
                var row = await scene.PendingAsync($"{day}-{release}");
                versions.Add(row.Version.ToString()!);
                await scene.Ledger.CancelAsync(row.Uid, "CancelRequested", "", default);
            }

            scene.Clock.Advance(TimeSpan.FromDays(1));
        }

        versions.ShouldBe([.. Enumerable.Range(1, 11).Select(n => $"20261122.{n}"), .. Enumerable.Range(1, 11).Select(n => $"20261123.{n}")]);
    }

    [Fact]
    public async Task Keeps_the_day_if_the_clock_stepped_back()
    {
        var scene = await Scene.CreateAsync(database, ConcurrencyPolicy.Parallel);
        await using var rival = await Rival.BeginAsync(database);
        await rival.InsertAsync(scene.Stack, new ReleaseVersion(Today.AddDays(3), 7));
        await rival.CommitAsync();

        (await scene.PendingAsync()).Version.ShouldBe(new ReleaseVersion(Today.AddDays(3), 8));
    }

    [Fact]
    public async Task Does_not_know_a_stack_that_was_never_registered()
    {
        var scene = await Scene.CreateAsync(database);
        var outcome = await scene.AdmitAsync(scene.Request() with { StackUid = Guid.NewGuid() });
        outcome.Kind.ShouldBe(AdmissionKind.StackUnknown);
    }

    [Theory]
    [InlineData(ConcurrencyPolicy.Queue)]
    [InlineData(ConcurrencyPolicy.Parallel)]
    public async Task Admits_nothing_to_a_stack_that_is_being_deleted(ConcurrencyPolicy policy)
    {
        var scene = await Scene.CreateAsync(database, policy);
        await scene.Ledger.BeginTeardownAsync(scene.Stack.Uid, default);
        (await scene.AdmitAsync(scene.Request())).Kind.ShouldBe(AdmissionKind.StackDeleting);
        await scene.Ledger.FinishTeardownAsync(scene.Stack.Uid, default);
        (await scene.AdmitAsync(scene.Request())).Kind.ShouldBe(AdmissionKind.StackDeleting);
    }

    [Fact]
    public async Task Queues_behind_whatever_is_in_flight_and_burns_no_version()
    {
        var scene = await Scene.CreateAsync(database);
        var first = await scene.PendingAsync("first");
        var second = scene.Request("second");

        var waiting = await scene.AdmitAsync(second);

        waiting.Kind.ShouldBe(AdmissionKind.Waiting);
        waiting.Holder!.Uid.ShouldBe(first.Uid);
        (await scene.Ledger.FindReleaseAsync(second.Uid, default)).ShouldBeNull();
        await scene.Ledger.FailAsync(first.Uid, ReleasePhase.Pending, "InvalidImage", "No such image.", null, default);
        (await scene.AdmitAsync(second)).Release!.Version.ShouldBe(new ReleaseVersion(Today, 2));
    }

    [Fact]
    public async Task Admits_exactly_one_of_many_that_queue_at_once_also_from_two_operators()
    {
        var scene = await Scene.CreateAsync(database);
        await using var elsewhere = database.Connect();
        var other = scene.With(Scene.LedgerOf(elsewhere, scene.Clock));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(
            racer => Task.Run(() => (racer % 2 == 0 ? scene : other).AdmitAsync(scene.Request($"{racer}")))));

        var admitted = outcomes.Where(outcome => outcome.Kind == AdmissionKind.Admitted).ShouldHaveSingleItem().Release!;
        outcomes.Count(outcome => outcome.Kind == AdmissionKind.Waiting && outcome.Holder!.Uid == admitted.Uid).ShouldBe(15);
        (await scene.ReadAsync()).InFlight.ShouldHaveSingleItem().Uid.ShouldBe(admitted.Uid);
    }

    [Fact]
    public async Task Under_parallel_waits_only_for_one_that_was_admitted_alone()
    {
        var scene = await Scene.CreateAsync(database);
        var alone = await scene.PendingAsync("alone");
        await scene.Ledger.RegisterStackAsync(RegistrationOf(scene, 2, ConcurrencyPolicy.Parallel), default);

        (await scene.AdmitAsync(scene.Request("next"))).Holder!.Uid.ShouldBe(alone.Uid);

        await scene.Ledger.CancelAsync(alone.Uid, "CancelRequested", "", default);
        (await scene.PendingAsync("one")).Exclusive.ShouldBeFalse();
        (await scene.PendingAsync("two")).Exclusive.ShouldBeFalse();
    }

    [Fact]
    public async Task Decides_by_the_policy_under_the_lock_not_by_the_one_it_saw_before()
    {
        var scene = await Scene.CreateAsync(database, ConcurrencyPolicy.Parallel);
        var first = await scene.PendingAsync("first");
        await using var rival = await Rival.BeginAsync(database);
        await rival.RunAsync($"UPDATE slipway.stacks SET concurrency = 'queue' WHERE id = {scene.Stack.Id}");

        var second = Task.Run(() => scene.AdmitAsync(scene.Request("second")));
        await rival.BlocksAsync(1);
        await rival.CommitAsync();

        (await second).Holder!.Uid.ShouldBe(first.Uid);
    }

    [Fact]
    public async Task Takes_the_next_number_when_somebody_commits_the_same_one_first()
    {
        var scene = await Scene.CreateAsync(database, ConcurrencyPolicy.Parallel);
        await using var rival = await Rival.BeginAsync(database);
        await rival.InsertAsync(scene.Stack, new ReleaseVersion(Today, 1));

        var second = Task.Run(() => scene.PendingAsync());
        await rival.BlocksAsync(1);
        await rival.CommitAsync();

        var row = await second;
        (row.Version, row.Attempts, row.Collisions, row.ImageReference)
            .ShouldBe((new ReleaseVersion(Today, 2), 2, 1, "registry/app:20261122.2"));
    }

    [Fact]
    public async Task Leaves_no_gap_when_the_other_one_gives_up()
    {
        var scene = await Scene.CreateAsync(database, ConcurrencyPolicy.Parallel);
        await using var rival = await Rival.BeginAsync(database);
        await rival.InsertAsync(scene.Stack, new ReleaseVersion(Today, 1));

        var second = Task.Run(() => scene.PendingAsync());
        await rival.BlocksAsync(1);
        await rival.RollbackAsync();

        var row = await second;
        (row.Version, row.Attempts, row.Collisions).ShouldBe((new ReleaseVersion(Today, 1), 1, 0));
    }

    [Fact]
    public async Task Without_retries_a_taken_number_is_a_version_collision()
    {
        var collisions = new ConcurrentQueue<Collision>();
        var scene = await Scene.CreateAsync(database, ConcurrencyPolicy.Parallel);
        scene = scene.With(Scene.LedgerOf(database.DataSource, scene.Clock, retries: 0, collisions));
        await using var rival = await Rival.BeginAsync(database);
        await rival.InsertAsync(scene.Stack, new ReleaseVersion(Today, 1));
        var request = scene.Request();

        var admission = Task.Run(() => scene.AdmitAsync(request));
        await rival.BlocksAsync(1);
        await rival.CommitAsync();

        var error = await Should.ThrowAsync<VersionCollisionException>(() => admission);
        (error.Stack, error.Attempts, error.LastAttemptedVersion).ShouldBe(($"team/{scene.Stack.Name}", 1, new ReleaseVersion(Today, 1)));
        error.InnerException.ShouldBeOfType<PostgresException>().ConstraintName.ShouldBe(SqlStates.VersionUnique);
        LedgerFaults.IsUnavailable(error).ShouldBeFalse();
        collisions.ShouldHaveSingleItem();
        (await scene.Ledger.FindReleaseAsync(request.Uid, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Lets_an_error_of_the_callback_through_after_one_call_and_writes_nothing()
    {
        var scene = await Scene.CreateAsync(database, ConcurrencyPolicy.Parallel);
        var request = scene.Request();
        var original = new InvalidOperationException("no registry");
        var calls = 0;

        var error = await Should.ThrowAsync<InvalidOperationException>(
            () => scene.Ledger.AdmitAsync(request, _ => ++calls > 0 ? throw original : "", default));

        error.ShouldBeSameAs(original);
        calls.ShouldBe(1);
        (await scene.Ledger.FindReleaseAsync(request.Uid, default)).ShouldBeNull();
        (await scene.PendingAsync("next")).Version.ShouldBe(new ReleaseVersion(Today, 1));
    }

    [Fact]
    public async Task Waits_for_the_commit_of_a_writer_who_forgot_the_lock_and_then_queues_behind_him()
    {
        var scene = await Scene.CreateAsync(database);
        await using var rival = await Rival.BeginAsync(database);
        await rival.InsertAsync(scene.Stack, new ReleaseVersion(Today, 9), exclusive: true);

        var admission = Task.Run(() => scene.AdmitAsync(scene.Request()));
        await rival.BlocksAsync(1);
        await rival.CommitAsync();

        (await admission).Holder!.Version.ShouldBe(new ReleaseVersion(Today, 9));
    }

    [Theory]
    [InlineData(SqlStates.VersionUnique, true)]
    [InlineData(SqlStates.OneExclusive, true)]
    [InlineData(SqlStates.OneActivating, true)]
    [InlineData(SqlStates.OneActive, true)]
    [InlineData(SqlStates.UidUnique, false)]
    [InlineData("releases_pkey", false)]
    [InlineData(null, false)]
    public async Task Retries_a_taken_version_and_a_hit_second_wall_and_nothing_else(string? constraint, bool retried)
    {
        var scene = await Scene.CreateAsync(database);
        var race = new AdmissionRace(scene.Request(), version => "", scene.Stack);
        var error = new PostgresException("duplicate key", "ERROR", "ERROR", PostgresErrorCodes.UniqueViolation, constraintName: constraint);

        race.Operation.IsConflict(error).ShouldBe(retried);
        race.Operation.IsConflict(new InvalidOperationException("", error)).ShouldBeFalse();
        if (retried && constraint != SqlStates.VersionUnique)
        {
            race.Operation.Exhausted(error, 6).ShouldBeSameAs(error);
        }
    }

    [Fact]
    public async Task Keeps_the_template_to_the_letter_and_refuses_what_is_not_json()
    {
        var scene = await Scene.CreateAsync(database, ConcurrencyPolicy.Parallel);
        var text = """{"b": 1.50, "a": [ ],  "b": "ü"}""";
        (await scene.AdmitAsync(scene.Request() with { Template = text })).Release!.Template.ShouldBe(text);
        await Should.ThrowAsync<PostgresException>(() => scene.AdmitAsync(scene.Request("broken") with { Template = "{" }));
    }

    private static StackRegistration RegistrationOf(Scene scene, long generation, ConcurrencyPolicy policy) =>
        new(scene.Stack.Uid, scene.Stack.Namespace, scene.Stack.Name, generation, policy);
}
