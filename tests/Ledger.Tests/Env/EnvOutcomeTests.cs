using Shouldly;
using Slipway.Ledger.Env;
using Xunit;

namespace Slipway.Ledger.Tests.Env;

/// <summary>Everything that can become of a patch while nobody else is there.</summary>
public sealed class EnvOutcomeTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    /// <summary>Bytes of <c>{"A":""}</c>.</summary>
    private const int Frame = 8;

    [Fact]
    public async Task A_merged_patch_says_what_it_did_and_not_what_it_said()
    {
        var scene = await EnvScene.CreateAsync(database);
        await scene.FollowAsync(1, "A=1", "B=1", "C=1");
        await scene.ApplyAsync("first", "C=2", "D=2");

        var row = await scene.ApplyAsync("second", "A=1", "B=2", "-C", "-E", "D=", "F=3");

        (row.Applied, row.Reason, row.Revision, row.Release, row.Made).ShouldBe((true, "Applied", 3, true, false));
        (row.KeysSet, row.KeysUnset, row.TotalKeys, row.TotalBytes).ShouldBe((2, 2, 3, """{"A":"1","B":"2","F":"3"}""".Length));
        row.Message.ShouldBe("merged as revision 3: 2 set, 2 unset");
        (await scene.ShowAsync()).ShouldBe("A=1 B=2 F=3");
        var revision = (await scene.Env.FindRevisionAsync(await scene.FindStackAsync(), 3, default))!;
        (revision.Number, revision.StackUid, revision.TotalBytes).ShouldBe((3, scene.Stack.Uid, row.TotalBytes));
        (string.Join(' ', revision.Keys), string.Join(' ', revision.Overridden)).ShouldBe(("A B F", "A B C"));
        (await scene.Env.FindRevisionAsync(scene.Stack, 4, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_patch_that_changes_nothing_makes_no_revision()
    {
        var scene = await EnvScene.CreateAsync(database);

        var none = await scene.ApplyAsync("none", "-A", "~B", "C=");
        await scene.ApplyAsync("first", "A=1");
        var same = await scene.ApplyAsync("same", "A=1", "-B");

        (none.Applied, none.Revision, none.KeysSet, none.KeysUnset, none.TotalKeys, none.TotalBytes, none.Release).ShouldBe((true, null, 0, 0, 0, 2, false));
        (same.Applied, same.Revision, same.KeysSet, same.KeysUnset, same.TotalKeys, same.TotalBytes, same.Release).ShouldBe((true, 1, 0, 0, 1, 9, true));
        same.Message.ShouldContain("nothing has changed");
        (await scene.ReadRevisionsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Exactly_64_KiB_are_merged_and_one_byte_more_is_refused_with_nothing_written()
    {
        var scene = await EnvScene.CreateAsync(database);
        var most = await scene.ApplyAsync("most", $"A={Text(EnvRules.MaxBytes - Frame)}");
        (most.Applied, most.TotalBytes).ShouldBe((true, 65_536));
        var before = await scene.DumpAsync();

        var more = await scene.ApplyAsync("more", $"A={Text(EnvRules.MaxBytes - Frame + 1)}");

        (more.Applied, more.Reason, more.Revision, more.Release).ShouldBe((false, EnvRules.TooLarge, null, false));
        (more.KeysSet, more.KeysUnset, more.TotalKeys, more.TotalBytes).ShouldBe((0, 0, 1, 65_536));
        more.Message.ShouldContain("65537 bytes");
        (await scene.DumpAsync()).ShouldBe(before);
        (await scene.CountPatchesAsync()).ShouldBe(2);
        (await scene.ApplyAsync("less", $"A={Text(EnvRules.MaxBytes - Frame - 1)}")).TotalBytes.ShouldBe(65_535);
    }

    [Fact]
    public async Task What_counts_is_the_set_and_not_what_it_is_made_of()
    {
        var scene = await EnvScene.CreateAsync(database);
        await scene.FollowAsync(1, $"A={Text(40_000)}");

        (await scene.ApplyAsync("instead", $"A={Text(40_000)}", $"B={Text(25_000)}")).Applied.ShouldBeTrue();
        (await scene.ApplyAsync("hide", "-A", $"C={Text(40_000)}")).Applied.ShouldBeTrue();
        (await scene.ApplyAsync("back", "~A")).Reason.ShouldBe(EnvRules.TooLarge);
    }

    public static TheoryData<string, string[]> Bad => new()
    {
        { EnvRules.InvalidKey, ["A=1", "B-C=2"] },
        { EnvRules.InvalidKey, ["A=1", "-A"] },
        { EnvRules.InvalidKey, [$"-{new string('a', 63)}\U0001f600\U0001f600"] },
        { EnvRules.InvalidKey, ["-A\0"] },
        { EnvRules.InvalidValue, ["A=1\0"] },
        { EnvRules.EmptyPatch, [] },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_bad_patch_is_refused_and_recorded(string reason, string[] words)
    {
        var scene = await EnvScene.CreateAsync(database);
        await scene.ApplyAsync("first", "A=1");
        var before = await scene.DumpAsync();

        var row = await scene.ApplyAsync("bad", words);

        (row.Applied, row.Reason, row.Revision, row.TotalKeys).ShouldBe((false, reason, null, 1));
        (await scene.DumpAsync()).ShouldBe(before);
        (await scene.CountPatchesAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task A_stack_that_is_not_registered_is_waited_for()
    {
        var scene = await EnvScene.CreateAsync(database);
        var patch = scene.Patch("early", "A=1") with { StackUid = Guid.NewGuid() };

        (await scene.ApplyAsync(patch)).ShouldBe(new EnvOutcome(EnvOutcomeKind.StackUnknown));
        await scene.Env.RejectAsync(patch, EnvScene.Deleted, default);
        (await scene.Env.FindPatchAsync(patch, default)).ShouldBeNull();
        var outcome = await scene.Env.FollowBaselineAsync(patch.StackUid, 1, Change.Variables("A=1"), null, default);
        outcome.ShouldBe(new BaselineOutcome(null));
    }

    [Fact]
    public async Task A_ledger_that_is_behind_merges_nothing()
    {
        var scene = await EnvScene.CreateAsync(database);
        (await scene.ApplyAsync(scene.Patch("none", "A=1") with { Seen = 1 })).Kind.ShouldBe(EnvOutcomeKind.LedgerBehind);
        var known = scene.Patch("first", "A=1") with { Seen = 0 };
        await scene.ApplyAsync(known);
        var before = await scene.DumpAsync();
        var patch = scene.Patch("second", "A=2");

        (await scene.ApplyAsync(patch with { Seen = 2 })).ShouldBe(new EnvOutcome(EnvOutcomeKind.LedgerBehind));
        var outcome = await scene.Env.FollowBaselineAsync(scene.Stack.Uid, 1, Change.Variables("A=3"), 2, default);

        (outcome.LedgerBehind, outcome.Problem).ShouldBe((true, null));
        (await scene.DumpAsync()).ShouldBe(before);
        (await scene.CountPatchesAsync()).ShouldBe(1);
        (await scene.ApplyAsync(known with { Seen = 2 })).Patch!.Revision.ShouldBe(1, "what was decided is told");
        (await scene.ApplyAsync(patch with { Seen = 1 })).Patch!.Revision.ShouldBe(2);
    }

    [Fact]
    public async Task A_stack_that_is_going_or_gone_takes_no_patch_and_keeps_what_was_decided()
    {
        var scene = await EnvScene.CreateAsync(database);
        var early = scene.Patch("early", "A=1");
        await scene.ApplyAsync(early);
        await scene.Releases.Ledger.BeginTeardownAsync(scene.Stack.Uid, default);

        var going = await scene.ApplyAsync("going", "A=2");
        (await scene.FollowAsync(9, "A=9")).Stack!.EnvRevision.ShouldBe(1);
        await scene.Releases.Ledger.FinishTeardownAsync(scene.Stack.Uid, default);
        var gone = await scene.ApplyAsync("gone", "A=3");

        foreach (var row in new[] { going, gone })
        {
            (row.Applied, row.Reason, row.Revision, row.TotalKeys).ShouldBe((false, "StackDeleting", null, 1));
        }

        (await scene.ShowAsync()).ShouldBe("A=1");
        (await scene.ApplyAsync(early)).Patch!.Applied.ShouldBeTrue();
    }

    /// <summary>Of so many bytes as JSON: what is escaped counts as it is written.</summary>
    private static string Text(int bytes) => $"\"ü{new string('a', bytes - 4)}";
}
