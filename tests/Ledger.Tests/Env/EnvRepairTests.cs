using Shouldly;
using Slipway.Ledger.Env;
using Xunit;

namespace Slipway.Ledger.Tests.Env;

/// <summary>A ledger that was restored from an older backup learns from the cluster what it has forgotten of a stack's variables.</summary>
public sealed class EnvRepairTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    [Fact]
    public async Task Forgotten_revisions_are_made_again_from_the_patches_and_the_object()
    {
        var scene = await EnvScene.CreateAsync(database);
        await scene.FollowAsync(1, "A=1");
        var first = await MergeAsync(scene, "first", "B=1");
        await scene.FollowAsync(2, "A=2", "C=2");
        var second = await MergeAsync(scene, "second", "-A", "B=3");
        var before = await scene.ReadRevisionsAsync();
        await ForgetAsync(scene, after: 1);

        (await scene.Env.RepairAsync(Evidence(scene, 4, [second, first]), dryRun: true, default)).ShouldBe(3);
        (await scene.ReadRevisionsAsync()).Count.ShouldBe(1);
        (await scene.Env.RepairAsync(Evidence(scene, 4, [second, first]), dryRun: false, default)).ShouldBe(3);

        (await scene.ReadRevisionsAsync()).ShouldBe(before);
        (await scene.ShowAsync()).ShouldBe("B=3 C=2");
        var row = (await scene.ApplyAsync(second.Request)).Patch!;
        (row.Revision, row.KeysSet, row.KeysUnset, row.TotalKeys, row.Release, row.Made).ShouldBe((4, 1, 1, 2, true, true));
        (await scene.FollowAsync(2, "A=2", "C=2")).Stack!.EnvRevision.ShouldBe(4, "what the object says is known");
        (await scene.ApplyAsync("next", "D=4")).Revision.ShouldBe(5);
    }

    [Fact]
    public async Task A_patch_that_only_found_a_revision_is_not_taken_for_its_cause()
    {
        var scene = await EnvScene.CreateAsync(database);
        var made = await MergeAsync(scene, "made", "A=1", "B=1");
        var found = await MergeAsync(scene, "found", "A=1");
        await scene.FollowAsync(1, "C=1");
        var late = await MergeAsync(scene, "late", "B=1");
        (found.Revision, late.Revision).ShouldBe((1, 2));
        var before = await scene.ReadRevisionsAsync();
        await ForgetAsync(scene, after: 0);

        var evidence = Evidence(scene, 2, [late, found, made]) with { Generation = 1, Baseline = Change.Variables("C=1") };
        (await scene.Env.RepairAsync(evidence, dryRun: false, default)).ShouldBe(2);

        (await scene.ReadRevisionsAsync()).ShouldBe(before);
        foreach (var (patch, keys) in new[] { (made, 2), (found, 0), (late, 0) })
        {
            var row = (await scene.ApplyAsync(patch.Request)).Patch!;
            (row.Revision, row.KeysSet).ShouldBe((patch.Revision, keys));
        }
    }

    [Fact]
    public async Task What_a_Secret_has_counts_more_than_what_the_object_says_now()
    {
        var scene = await EnvScene.CreateAsync(database);
        await scene.FollowAsync(1, "A=1", "B=1");
        await ForgetAsync(scene, after: 0);
        var evidence = Evidence(scene, 2, []) with
        {
            Values = new Dictionary<long, IReadOnlyDictionary<string, string>> { [1] = Change.Variables("A=1", "B=1"), [2] = Change.Variables("A=5", "D=1") },
        };

        (await scene.Env.RepairAsync(evidence, dryRun: false, default)).ShouldBe(2);

        Change.Show(await scene.Env.ReadValuesAsync(scene.Stack, 1, default)).ShouldBe("A=1 B=1");
        (await scene.ShowAsync()).ShouldBe("A=5 D=1");
    }

    [Fact]
    public async Task An_outcome_that_alone_was_forgotten_is_noted_so_that_the_patch_is_not_merged_again()
    {
        var scene = await EnvScene.CreateAsync(database);
        await MergeAsync(scene, "first", "A=1");
        var found = await MergeAsync(scene, "found", "A=1");
        await scene.Releases.RunAsync($"DELETE FROM slipway.env_patches WHERE stack_id = $1 AND uid = '{found.Request.Uid}'");

        (await scene.Env.RepairAsync(Evidence(scene, 1, [found]), dryRun: false, default)).ShouldBe(0);

        await scene.ApplyAsync("second", "A=2");
        (await scene.ApplyAsync(found.Request with { Uid = Guid.NewGuid() })).Patch!.Revision.ShouldBe(1);
        (await scene.ShowAsync()).ShouldBe("A=2");
    }

    [Fact]
    public async Task Repaired_again_nothing_changes_and_what_the_ledger_knows_stays()
    {
        var scene = await EnvScene.CreateAsync(database);
        var patch = await MergeAsync(scene, "first", "A=1");
        var before = await scene.DumpAsync();
        var row = (await scene.ApplyAsync(patch.Request)).Patch;
        var other = patch with { Request = patch.Request with { Uid = Guid.NewGuid(), Change = Change.Of("A=9") } };

        for (var round = 0; round < 2; round++)
        {
            (await scene.Env.RepairAsync(Evidence(scene, 1, [patch, other]), dryRun: false, default)).ShouldBe(0);
        }

        (await scene.DumpAsync()).ShouldBe(before);
        (await scene.ApplyAsync(patch.Request)).Patch.ShouldBe(row);
        (await scene.CountPatchesAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_stack_that_is_unknown_or_going_is_left_alone()
    {
        var scene = await EnvScene.CreateAsync(database);
        await scene.Releases.Ledger.BeginTeardownAsync(scene.Stack.Uid, default);

        (await scene.Env.RepairAsync(Evidence(scene, 3, []), dryRun: false, default)).ShouldBe(0);
        (await scene.Env.RepairAsync(Evidence(scene, 3, []) with { StackUid = Guid.NewGuid() }, dryRun: false, default)).ShouldBe(0);
        (await scene.ReadRevisionsAsync()).ShouldBeEmpty();
    }

    /// <summary>Merges a patch, whose release is made; what its status says then.</summary>
    private static async Task<EnvPatchEvidence> MergeAsync(EnvScene scene, string name, params IReadOnlyList<string> words)
    {
        var request = scene.Patch(name, words);
        var row = (await scene.ApplyAsync(request)).Patch!;
        return new EnvPatchEvidence(request, row.Revision!.Value, Made: true, Changed: row.KeysSet + row.KeysUnset > 0);
    }

    private static EnvEvidence Evidence(EnvScene scene, long highest, IReadOnlyList<EnvPatchEvidence> patches) =>
        new(scene.Stack.Uid, 2, Change.Variables("A=2", "C=2"), highest, patches, new Dictionary<long, IReadOnlyDictionary<string, string>>());

    /// <summary>Leaves what a backup of the moment after that revision has.</summary>
    private static async Task ForgetAsync(EnvScene scene, long after)
    {
        await scene.Releases.RunAsync($"DELETE FROM slipway.env_patches WHERE stack_id = $1 AND revision > {after}");
        await scene.Releases.RunAsync($"""
            UPDATE slipway.stacks SET env_revision = nullif({after}, 0), env_baseline_revision = nullif({after}, 0), env_generation = nullif({after}, 0)
            WHERE id = $1
            """);
        await scene.Releases.RunAsync($"DELETE FROM slipway.env_revisions WHERE stack_id = $1 AND number > {after}");
    }
}
