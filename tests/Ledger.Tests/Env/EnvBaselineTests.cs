using Npgsql;
using Shouldly;
using Slipway.Ledger.Env;
using Slipway.Testing;
using Slipway.Testing.Proxies;
using Xunit;

namespace Slipway.Ledger.Tests.Env;

/// <summary>What a stack's object says of its variables, generation by generation.</summary>
public sealed class EnvBaselineTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    [Fact]
    public async Task A_change_of_the_object_is_a_revision_and_no_change_is_none()
    {
        var scene = await EnvScene.CreateAsync(database);

        var none = (await scene.FollowAsync(1)).Stack!;
        var first = (await scene.FollowAsync(2, "A=1", "B=")).Stack!;
        var same = (await scene.FollowAsync(3, "B=", "A=1")).Stack!;
        var empty = (await scene.FollowAsync(4)).Stack!;

        (none.EnvRevision, none.EnvBaselineRevision).ShouldBe((null, null));
        (first.EnvRevision, first.EnvBaselineRevision, first.EnvGeneration).ShouldBe((1, 1, 2));
        (same.EnvRevision, same.EnvBaselineRevision, same.EnvGeneration).ShouldBe((1, 1, 3));
        (empty.EnvRevision, empty.EnvBaselineRevision, empty.EnvGeneration).ShouldBe((2, 2, 4));
        (await scene.ReadRevisionsAsync()).Select(revision => (revision.Generation, revision.PatchUid, revision.KeysSet, revision.KeysUnset))
            .ShouldBe([(2, null, "A B", ""), (4, null, "", "A B")]);
    }

    [Fact]
    public async Task An_older_generation_changes_nothing_and_neither_does_the_same_one_that_says_something_else()
    {
        var scene = await EnvScene.CreateAsync(database);
        await scene.FollowAsync(5, "A=5");
        var before = await scene.DumpAsync();

        foreach (var generation in new[] { 4, 5 })
        {
            var outcome = await scene.FollowAsync(generation, $"A={generation}-late", "1=invalid");
            (outcome.Stack!.EnvGeneration, outcome.Problem).ShouldBe((5, null));
        }

        (await scene.DumpAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_patch_is_no_change_of_the_object()
    {
        var scene = await EnvScene.CreateAsync(database);
        await scene.FollowAsync(1, "A=1");
        await scene.ApplyAsync("first", "A=2");

        var stack = (await scene.FollowAsync(2, "A=1", "B=1")).Stack!;

        (stack.EnvRevision, stack.EnvBaselineRevision).ShouldBe((3, 3));
        (await scene.ShowAsync()).ShouldBe("A=2 B=1");
        (await scene.ReadRevisionsAsync())[^1].ShouldBe(new RevisionRecord(3, 2, null, 17, "A B", "A", "B", ""));
        (await scene.ApplyAsync("second", "C=2")).Revision.ShouldBe(4);
        (await scene.FindStackAsync()).EnvBaselineRevision.ShouldBe(3);
    }

    [Theory]
    [InlineData(EnvRules.InvalidKey, "1A=1")]
    [InlineData(EnvRules.InvalidValue, "A=1\0")]
    public async Task What_cannot_be_taken_leaves_the_revision_that_stands(string reason, string variable)
    {
        var scene = await EnvScene.CreateAsync(database);
        await scene.FollowAsync(1, "A=1");
        var before = await scene.DumpAsync();

        var outcome = await scene.FollowAsync(2, "B=1", variable);

        outcome.Problem!.Reason.ShouldBe(reason);
        outcome.Stack!.EnvRevision.ShouldBe(1);
        (await scene.DumpAsync()).ShouldBe(before);
        (await scene.FollowAsync(3, "B=1")).Problem.ShouldBeNull();
        (await scene.ShowAsync()).ShouldBe("B=1");
    }

    [Fact]
    public async Task One_that_is_too_large_is_taken_as_soon_as_a_patch_makes_room()
    {
        var scene = await EnvScene.CreateAsync(database);
        await scene.FollowAsync(1, "A=1");
        await scene.ApplyAsync("large", $"B={new string('b', 40_000)}");
        var large = $"C={new string('c', 40_000)}";

        var outcome = await scene.FollowAsync(2, "A=2", large);

        (outcome.Problem!.Reason, outcome.Stack!.EnvRevision, outcome.Stack.EnvGeneration).ShouldBe((EnvRules.TooLarge, 2, 1));
        await scene.ApplyAsync("room", "-B");
        var taken = await scene.FollowAsync(2, "A=2", large);
        (taken.Problem, taken.Stack!.EnvRevision, taken.Stack.EnvBaselineRevision, taken.Stack.EnvGeneration).ShouldBe((null, 4, 4, 2));
        (await scene.Env.FindRevisionAsync(scene.Stack, 4, default))!.Keys.ShouldBe(["A", "C"]);
    }

    [Fact]
    public async Task Exactly_64_KiB_are_taken_and_one_byte_more_is_not()
    {
        var scene = await EnvScene.CreateAsync(database);
        (await scene.FollowAsync(1, $"A={new string('a', 65_529)}")).Problem!.Reason.ShouldBe(EnvRules.TooLarge);
        (await scene.FindStackAsync()).ShouldBe(scene.Stack);
        (await scene.FollowAsync(1, $"A={new string('a', 65_528)}")).Stack!.EnvRevision.ShouldBe(1);
        (await scene.ReadRevisionsAsync()).Single().TotalBytes.ShouldBe(65_536);
    }

    [Fact]
    public async Task Of_many_that_follow_one_generation_at_once_one_makes_a_revision()
    {
        var scene = await EnvScene.CreateAsync(database);
        var start = new Gate();
        var running = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            await start.Opened;
            return await Patience.UntilAvailableAsync(() => scene.FollowAsync(1, "A=1"));
        })).ToArray();

        start.Open();

        (await Task.WhenAll(running)).ShouldAllBe(outcome => outcome.Problem == null && outcome.Stack!.EnvRevision == 1);
        (await scene.ReadRevisionsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_generation_that_was_looked_at_costs_one_plain_read_and_no_key()
    {
        var scene = await EnvScene.CreateAsync(database);
        await scene.FollowAsync(1, "A=1");
        var address = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        await using var proxy = new PostgresProxy(address.Host!, address.Port);
        var asked = new List<string>();
        await using var dataSource = LedgerDataSource.Create(
            $"{new NpgsqlConnectionStringBuilder(database.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port, SslMode = SslMode.Disable }};Timeout=60");
        await (await dataSource.OpenConnectionAsync()).DisposeAsync();
        proxy.Asked = request =>
        {
            asked.Add(request.Text);
            return Task.FromResult(true);
        };
        var env = new EnvLedger(dataSource, scene.Releases.Clock, new EnvKeyFile(null).Read);

        (await env.FollowBaselineAsync(scene.Stack.Uid, 1, Change.Variables("A=1"), 1, default)).Stack!.EnvRevision.ShouldBe(1);
        (await env.FollowBaselineAsync(scene.Stack.Uid, 1, Change.Variables("A=1"), 2, default)).LedgerBehind.ShouldBeTrue();

        asked.Where(text => !text.StartsWith("DISCARD", StringComparison.Ordinal)).ShouldBe([StackQueries.ByUid, StackQueries.ByUid]);
        await Should.ThrowAsync<EnvKeyUnavailableException>(() => env.FollowBaselineAsync(scene.Stack.Uid, 2, Change.Variables("A=2"), 1, default));
    }
}
