using Shouldly;
using Slipway.Ledger.Env;
using Slipway.Testing;
using Xunit;

namespace Slipway.Ledger.Tests.Env;

/// <summary>A patch is merged once, however often and by whomever it is asked for.</summary>
public sealed class EnvReplayTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    [Fact]
    public async Task An_object_asked_for_again_reads_its_own_outcome_and_undoes_nothing()
    {
        var scene = await EnvScene.CreateAsync(database);
        var first = scene.Patch("first", "A=1", "B=1");
        var before = (await scene.ApplyAsync(first)).Patch!;
        await scene.ApplyAsync("second", "A=2", "-B");

        var again = await scene.ApplyAsync(first);

        again.ShouldBe(new EnvOutcome(EnvOutcomeKind.Decided, before));
        (before.Revision, before.KeysSet, before.TotalKeys).ShouldBe((1, 2, 2));
        (await scene.Env.FindPatchAsync(first, default)).ShouldBe(before);
        (await scene.ShowAsync()).ShouldBe("A=2");
        (await scene.CountPatchesAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task An_object_that_says_the_same_again_takes_the_outcome_over()
    {
        var scene = await EnvScene.CreateAsync(database);
        var first = scene.Patch("first", "A=1");
        var before = (await scene.ApplyAsync(first)).Patch;
        await scene.ApplyAsync("second", "A=2");
        var twin = first with { Uid = Guid.NewGuid() };

        (await scene.Env.FindPatchAsync(twin, default)).ShouldBe(before);
        (await scene.ApplyAsync(twin)).Patch.ShouldBe(before);
        (await scene.ShowAsync()).ShouldBe("A=2");
    }

    public static TheoryData<string, Func<EnvPatchRequest, EnvPatchRequest>> Others => new()
    {
        { "token", request => request with { RerunToken = "again" } },
        { "name", request => request with { Name = $"{request.Name}-2" } },
        { "namespace", request => request with { Namespace = "other" } },
        { "spec", request => request with { Spec = "A=1 " } },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public async Task One_of_another_name_spec_or_token_is_another_patch(string difference, Func<EnvPatchRequest, EnvPatchRequest> change)
    {
        var scene = await EnvScene.CreateAsync(database);
        var first = scene.Patch("first", "A=1");
        await scene.ApplyAsync(first);
        await scene.ApplyAsync("second", "A=2");
        var other = change(first) with { Uid = Guid.NewGuid() };

        (await scene.Env.FindPatchAsync(other, default)).ShouldBeNull(difference);
        (await scene.ApplyAsync(other)).Patch!.Revision.ShouldBe(3, difference);
        (await scene.ShowAsync()).ShouldBe("A=1");
    }

    [Fact]
    public async Task Of_racers_with_the_same_object_or_twins_one_merges_and_all_read_the_same()
    {
        var scene = await EnvScene.CreateAsync(database);
        await using var elsewhere = database.Connect();
        var patch = scene.Patch("first", "A=1");
        var start = new Gate();

        var running = Enumerable.Range(0, 8).Select(racer => Task.Run(async () =>
        {
            var other = scene.With(new EnvLedger(racer % 2 == 0 ? database.DataSource : elsewhere, scene.Releases.Clock, () => EnvScene.Keys));
            await start.Opened;
            return await Patience.ApplyAsync(other, racer < 4 ? patch : patch with { Uid = Guid.NewGuid() });
        })).ToArray();
        start.Open();
        var rows = await Task.WhenAll(running);

        rows.Distinct().ShouldHaveSingleItem().Revision.ShouldBe(1);
        (await scene.ReadRevisionsAsync()).Count.ShouldBe(1);
        (await scene.CountPatchesAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_rejected_one_stays_rejected_also_as_a_twin_when_it_would_fit_now()
    {
        var scene = await EnvScene.CreateAsync(database);
        await scene.ApplyAsync("large", $"A={new string('a', 60_000)}");
        var patch = scene.Patch("late", $"B={new string('b', 10_000)}");
        var rejected = (await scene.ApplyAsync(patch)).Patch!;
        rejected.Reason.ShouldBe(EnvRules.TooLarge);
        await scene.ApplyAsync("room", "-A");

        (await scene.ApplyAsync(patch)).Patch.ShouldBe(rejected);
        (await scene.ApplyAsync(patch with { Uid = Guid.NewGuid() })).Patch.ShouldBe(rejected);
        (await scene.ApplyAsync(patch with { Uid = Guid.NewGuid(), RerunToken = "again" })).Patch!.Applied.ShouldBeTrue();
    }

    [Fact]
    public async Task One_that_was_deleted_before_it_was_merged_never_is_and_one_made_anew_is()
    {
        var scene = await EnvScene.CreateAsync(database);
        await scene.ApplyAsync("first", "A=1");
        var patch = scene.Patch("gone", "A=2");

        await scene.Env.RejectAsync(patch, EnvScene.Deleted, default);
        await scene.Env.RejectAsync(patch, EnvScene.Deleted, default);

        var late = (await scene.ApplyAsync(patch)).Patch!;
        (late.Applied, late.Reason, late.Revision, late.Release, late.TotalKeys).ShouldBe((false, "ObjectDeleted", null, false, 1));
        (await scene.ShowAsync()).ShouldBe("A=1");
        var anew = patch with { Uid = Guid.NewGuid() };
        (await scene.Env.FindPatchAsync(anew, default)).ShouldBeNull();
        (await scene.ApplyAsync(anew)).Patch!.Revision.ShouldBe(2);
        await scene.Env.RejectAsync(anew, EnvScene.Deleted, default);
        (await scene.ApplyAsync(anew)).Patch!.Applied.ShouldBeTrue("what was decided stands");
    }

    [Fact]
    public async Task Who_deletes_and_who_merges_at_once_come_to_one_outcome()
    {
        var scene = await EnvScene.CreateAsync(database);
        for (var round = 0; round < 20; round++)
        {
            var patch = scene.Patch($"{round}", $"A={round + 1}");
            var merging = Task.Run(() => Patience.ApplyAsync(scene, patch));
            await Patience.UntilAvailableAsync(async () =>
            {
                await scene.Env.RejectAsync(patch, EnvScene.Deleted, default);
                return true;
            });
            var merged = await merging;

            (await scene.ApplyAsync(patch)).Patch.ShouldBe(merged);
            (await scene.ShowAsync()).Contains($"A={round + 1}").ShouldBe(merged.Applied);
        }
    }

    [Fact]
    public async Task That_its_release_was_made_is_noted_only_of_one_that_makes_a_release()
    {
        var scene = await EnvScene.CreateAsync(database);
        var (with, without) = (scene.Patch("with", "A=1"), scene.Patch("without", "B=1") with { Release = false });
        foreach (var patch in new[] { with, without })
        {
            (await scene.ApplyAsync(patch)).Patch!.Made.ShouldBeFalse();
            await scene.Env.MarkReleaseMadeAsync(patch.Uid, default);
            await scene.Env.MarkReleaseMadeAsync(patch.Uid, default);
        }

        ((await scene.ApplyAsync(with)).Patch!.Release, (await scene.ApplyAsync(with)).Patch!.Made).ShouldBe((true, true));
        ((await scene.ApplyAsync(without)).Patch!.Release, (await scene.ApplyAsync(without)).Patch!.Made).ShouldBe((false, false));
    }

    [Fact]
    public async Task What_became_of_an_object_is_found_without_any_key()
    {
        var scene = await EnvScene.CreateAsync(database);
        var patch = scene.Patch("first", "A=1");
        var row = (await scene.ApplyAsync(patch)).Patch;
        var keyless = scene.With(new EnvLedger(database.DataSource, scene.Releases.Clock, new EnvKeyFile(null).Read));

        (await keyless.Env.FindPatchAsync(patch, default)).ShouldBe(row);
        await Should.ThrowAsync<EnvKeyUnavailableException>(() => keyless.ApplyAsync("second", "A=2"));
        await keyless.Env.RejectAsync(keyless.Patch("third", "A=3"), EnvScene.Deleted, default);
        (await scene.ShowAsync()).ShouldBe("A=1");
    }
}
