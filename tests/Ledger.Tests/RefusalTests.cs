using Shouldly;
using Xunit;

namespace Slipway.Ledger.Tests;

public sealed class RefusalTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    [Theory]
    [InlineData(ReleasePhase.Failed)]
    [InlineData(ReleasePhase.Cancelled)]
    [InlineData(ReleasePhase.Superseded)]
    public async Task Leaves_a_row_that_has_ended_and_has_no_version(ReleasePhase phase)
    {
        var scene = await Scene.CreateAsync(database);
        var request = scene.Request();

        var row = await scene.Ledger.RefuseAsync(scene.Refusal(request) with { Phase = phase }, default);

        (row.Uid, row.Phase, row.Version, row.Reason, row.Message).ShouldBe(
            (request.Uid, phase, null, "CancelRequested", "Cancelled while it waited."));
        (row.StackId, row.StackUid, row.RequestedBy, row.StartedAt, row.FinishedAt).ShouldBe(
            (scene.Stack.Id, scene.Stack.Uid, "ada", null, scene.Clock.GetUtcNow()));
        var transition = row.Transitions.ShouldHaveSingleItem();
        (transition.From, transition.To, transition.Reason).ShouldBe((null, phase, "CancelRequested"));
    }

    [Fact]
    public async Task Nobody_admits_it_later_and_it_burns_no_version()
    {
        var scene = await Scene.CreateAsync(database);
        var request = scene.Request();
        var refused = await scene.Ledger.RefuseAsync(scene.Refusal(request), default);

        var outcome = await scene.AdmitAsync(request);
        var recreated = await scene.AdmitAsync(request with { Uid = Guid.NewGuid() });

        (outcome.Kind, recreated.Kind).ShouldBe((AdmissionKind.AlreadyKnown, AdmissionKind.AlreadyKnown));
        outcome.Release.ShouldBeEquivalentTo(refused);
        recreated.Release.ShouldBeEquivalentTo(refused);
        (await scene.PendingAsync("next")).Version!.Value.Number.ShouldBe(1);
    }

    [Fact]
    public async Task A_row_that_exists_is_returned_as_it_is()
    {
        var scene = await Scene.CreateAsync(database);
        var request = scene.Request();
        var admitted = (await scene.AdmitAsync(request)).Release!;

        (await scene.Ledger.RefuseAsync(scene.Refusal(request), default)).ShouldBeEquivalentTo(admitted);
        var active = (await scene.ActivateAsync((await scene.Ledger.TakeSlotAsync(request.Uid, Scene.Image, default)).Release.Uid)).Row;
        (await scene.Ledger.RefuseAsync(scene.Refusal(request) with { Uid = Guid.NewGuid() }, default)).ShouldBeEquivalentTo(active);
    }

    [Fact]
    public async Task Ends_what_a_former_object_of_the_name_has_in_flight()
    {
        var scene = await Scene.CreateAsync(database);
        var former = await scene.ActivatingAsync();

        var row = await scene.Ledger.RefuseAsync(scene.Refusal(scene.Request()), default);

        (row.Uid, row.Phase, row.Reason).ShouldBe((former.Uid, ReleasePhase.Cancelled, "ObjectGone"));
    }

    [Fact]
    public async Task Needs_no_stack()
    {
        var scene = await Scene.CreateAsync(database);
        var unbound = await scene.Ledger.RefuseAsync(scene.Refusal(scene.Request("unbound")) with { StackUid = null }, default);
        (unbound.StackId, unbound.StackUid).ShouldBe((null, null));
        var unknown = Guid.NewGuid();
        var request = scene.Request("unknown") with { StackUid = unknown };
        var unregistered = await scene.Ledger.RefuseAsync(scene.Refusal(request), default);
        (unregistered.StackId, unregistered.StackUid).ShouldBe((null, unknown));

        (await scene.AdmitAsync(request)).Release.ShouldBeEquivalentTo(unregistered);
        (await scene.Ledger.CancelAsync(unbound.Uid, "CancelRequested", "", default)).Moved.ShouldBeFalse();
        (await scene.Ledger.TakeSlotAsync(unbound.Uid, Scene.Image, default)).Kind.ShouldBe(SlotKind.Refused);
        var again = scene.Refusal(scene.Request("unbound")) with { StackUid = null };
        (await scene.Ledger.RefuseAsync(again, default)).ShouldBeEquivalentTo(unbound);
    }

    [Fact]
    public async Task Is_written_once_when_two_operators_refuse_and_two_admit_at_the_same_time()
    {
        await using var elsewhere = database.Connect();
        for (var round = 0; round < 20; round++)
        {
            var scene = await Scene.CreateAsync(database, round % 2 == 0 ? ConcurrencyPolicy.Queue : ConcurrencyPolicy.Parallel);
            var other = scene.With(Scene.LedgerOf(elsewhere, scene.Clock));
            var request = scene.Request();

            var rows = await Task.WhenAll(new[] { scene, other }.SelectMany(operators => new[]
            {
                Task.Run(() => operators.Ledger.RefuseAsync(scene.Refusal(request), default)),
                Task.Run(async () => (await operators.AdmitAsync(request)).Release!),
            }));

            rows.Select(row => (row.Id, row.Phase, row.Version)).Distinct().ShouldHaveSingleItem();
            rows[0].Transitions.Count.ShouldBe(1);
        }
    }

    [Fact]
    public async Task Refuses_other_phases_and_a_missing_reason()
    {
        var scene = await Scene.CreateAsync(database);
        var refusal = scene.Refusal(scene.Request());
        await Should.ThrowAsync<ArgumentException>(() => scene.Ledger.RefuseAsync(refusal with { Phase = ReleasePhase.Active }, default));
        await Should.ThrowAsync<ArgumentException>(() => scene.Ledger.RefuseAsync(refusal with { Reason = "" }, default));
    }
}
