using Shouldly;
using Xunit;

namespace Slipway.Ledger.Tests;

/// <summary>An object that the ledger has met before, under this UID or another.</summary>
public sealed class RepeatedAdmissionTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    private static readonly DateOnly Today = new(2026, 11, 22);

    [Theory]
    [InlineData(ConcurrencyPolicy.Queue)]
    [InlineData(ConcurrencyPolicy.Parallel)]
    public async Task Answers_a_repeat_with_what_it_wrote_the_first_time(ConcurrencyPolicy policy)
    {
        var scene = await Scene.CreateAsync(database, policy);
        var request = scene.Request();
        var first = (await scene.AdmitAsync(request)).Release!;

        var again = await scene.AdmitAsync(request);

        again.Kind.ShouldBe(AdmissionKind.AlreadyKnown);
        again.Release.ShouldBeEquivalentTo(first);
    }

    [Theory]
    [InlineData(ConcurrencyPolicy.Queue)]
    [InlineData(ConcurrencyPolicy.Parallel)]
    public async Task Admits_an_object_once_when_two_operators_admit_it_at_the_same_time(ConcurrencyPolicy policy)
    {
        await using var elsewhere = database.Connect();
        for (var round = 0; round < 20; round++)
        {
            var scene = await Scene.CreateAsync(database, policy);
            var other = scene.With(Scene.LedgerOf(elsewhere, scene.Clock));
            var request = scene.Request();

            var outcomes = await Task.WhenAll(
                new[] { scene, other, scene, other }.Select(operators => Task.Run(() => operators.AdmitAsync(request))));

            outcomes.Count(outcome => outcome.Kind == AdmissionKind.Admitted).ShouldBe(1);
            outcomes.Count(outcome => outcome.Kind == AdmissionKind.AlreadyKnown).ShouldBe(3);
            outcomes.Select(outcome => outcome.Release!.Id).Distinct().ShouldHaveSingleItem();
            outcomes[0].Release!.Version.ShouldBe(new ReleaseVersion(Today, 1));
        }
    }

    [Fact]
    public async Task Finds_what_another_operator_committed_for_the_same_object_while_it_was_writing()
    {
        var scene = await Scene.CreateAsync(database, ConcurrencyPolicy.Parallel);
        var request = scene.Request();
        await using var rival = await Rival.BeginAsync(database);
        await rival.InsertAsync(scene.Stack, new ReleaseVersion(Today, 1), request.Uid);

        var admission = Task.Run(() => scene.AdmitAsync(request));
        await rival.BlocksAsync(1);
        await rival.CommitAsync();

        (await admission).Kind.ShouldBe(AdmissionKind.AlreadyKnown);
    }

    [Fact]
    public async Task An_object_applied_again_after_it_finished_takes_the_result_over()
    {
        var scene = await Scene.CreateAsync(database);
        var active = await scene.ActiveAsync();
        var again = scene.Request();

        var outcome = await scene.AdmitAsync(again);

        outcome.Kind.ShouldBe(AdmissionKind.AlreadyKnown);
        outcome.Release.ShouldBeEquivalentTo(active);
        var twin = await scene.Ledger.FindFinishedTwinAsync("team", again.Name, scene.Stack.Uid, "hash", "", default);
        twin.ShouldBeEquivalentTo(active);
    }

    [Fact]
    public async Task A_rerun_token_another_spec_or_another_name_asks_for_a_new_run()
    {
        var scene = await Scene.CreateAsync(database, ConcurrencyPolicy.Parallel);
        await scene.ActiveAsync();

        foreach (var request in new[] { scene.Request() with { RerunToken = "2" }, scene.Request() with { SpecHash = "else" }, scene.Request("else") })
        {
            (await scene.AdmitAsync(request)).Kind.ShouldBe(AdmissionKind.Admitted);
        }
    }

    [Theory]
    [InlineData(ConcurrencyPolicy.Queue)]
    [InlineData(ConcurrencyPolicy.Parallel)]
    public async Task An_object_made_again_while_its_former_self_is_in_flight_ends_that_one(ConcurrencyPolicy policy)
    {
        var scene = await Scene.CreateAsync(database, policy);
        var former = await scene.ActivatingAsync();
        (await scene.Ledger.FindFinishedTwinAsync("team", former.Name, scene.Stack.Uid, "hash", "", default)).ShouldBeNull();

        var outcome = await scene.AdmitAsync(scene.Request());

        outcome.Kind.ShouldBe(AdmissionKind.AlreadyKnown);
        (outcome.Release!.Uid, outcome.Release.Phase, outcome.Release.Reason).ShouldBe((former.Uid, ReleasePhase.Cancelled, "ObjectGone"));
        (await scene.ReadAsync()).Stack.Sequence.ShouldBeGreaterThan(former.Sequence!.Value);
    }
}
