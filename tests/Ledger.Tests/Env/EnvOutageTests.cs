using Shouldly;
using Slipway.Ledger.Env;
using Slipway.Testing;
using Xunit;

namespace Slipway.Ledger.Tests.Env;

/// <summary>The database goes away at each request of a change in turn: just before it hears of it, and just after.</summary>
public sealed class EnvOutageTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    private const string Canary = "canary-4711";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_patch_is_merged_once_wherever_the_database_goes_away(bool heard) => BreakEverywhereAsync(
        heard,
        scene => scene.Patch("second", $"B={Canary}"),
        async (scene, patch) => (await scene.ApplyAsync(patch)).Patch!.Revision,
        [
            "SET LOCAL lock_timeout = '3s'", "FOR UPDATE", "WHERE uid = $1", "AND identity = $4", "SELECT key_id, content",
            "INSERT INTO slipway.env_revisions", "SET env_revision = $2", "INSERT INTO slipway.env_patches",
        ]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_change_of_the_object_is_one_revision_wherever_the_database_goes_away(bool heard) => BreakEverywhereAsync(
        heard,
        _ => 2L,
        async (scene, generation) => (await scene.FollowAsync(generation, $"B={Canary}")).Stack!.EnvRevision,
        ["SET LOCAL lock_timeout = '3s'", "FOR UPDATE", "SELECT key_id, content", "INSERT INTO slipway.env_revisions", "SET env_revision = $2", "SET env_generation = $2"]);

    /// <param name="heard">See <see cref="BreakingLine"/>.</param>
    /// <param name="request">Makes what is asked for.</param>
    /// <param name="call">Asks for it, and says which revision that is.</param>
    /// <param name="statements">Parts of what must have been broken.</param>
    private async Task BreakEverywhereAsync<T>(
        bool heard, Func<EnvScene, T> request, Func<EnvScene, T, Task<long?>> call, string[] statements)
    {
        var whole = await AskAsync(null, heard, request, call);
        foreach (var statement in statements.Append("COMMIT"))
        {
            whole.ShouldContain(text => text.Contains(statement, StringComparison.Ordinal), statement);
        }

        for (var at = 0; at < whole.Count; at++)
        {
            (await AskAsync(at, heard, request, call))[..(at + 1)].ShouldBe(whole[..(at + 1)]);
        }
    }

    /// <returns>What the database was asked for.</returns>
    private async Task<List<string>> AskAsync<T>(int? at, bool heard, Func<EnvScene, T> request, Func<EnvScene, T, Task<long?>> call)
    {
        var scene = await EnvScene.CreateAsync(database);
        await scene.ApplyAsync("first", "A=1");
        var asked = request(scene);
        await using var line = new BreakingLine(database, at, heard);
        var broken = scene.With(new EnvLedger(line.DataSource, scene.Releases.Clock, () => EnvScene.Keys));

        var error = await Record.ExceptionAsync(() => call(broken, asked));

        (error is not null).ShouldBe(at is not null);
        if (error is not null)
        {
            LedgerFaults.IsUnavailable(error).ShouldBeTrue($"{line.Asked[^1]}: {error}");
            $"{error}".ShouldNotContain(Canary);
            await SeeRevisionsAsync(scene, heard && line.Asked[^1] == "COMMIT" ? 2 : 1);
        }

        (await Patience.UntilAvailableAsync(() => call(scene, asked))).ShouldBe(2);
        (await scene.ShowAsync()).ShouldBe($"A=1 B={Canary}");
        (await scene.ReadRevisionsAsync()).Count.ShouldBe(2);
        return [.. line.Asked];
    }

    private static Task<int> SeeRevisionsAsync(EnvScene scene, int count) =>
        Eventually.See($"{count} revisions", async () => (await scene.ReadRevisionsAsync()).Count, seen => seen == count);
}
