using Npgsql;
using Shouldly;
using Slipway.Ledger.Env;
using Slipway.Testing;
using Xunit;

namespace Slipway.Ledger.Tests.Env;

/// <summary>Many patches of one stack at the same moment.</summary>
public sealed class EnvRaceTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    private const int Connections = 32;

    [Theory]
    [InlineData(16)]
    [InlineData(256)]
    public async Task No_key_of_any_patch_is_lost_and_the_revisions_tell_who_set_it(int racers)
    {
        await using var dataSource = database.Connect(Connections);
        var scene = await EnvScene.CreateAsync(database, dataSource: dataSource);
        var start = new Gate();
        var running = Enumerable.Range(0, racers).Select(racer => Task.Run(async () =>
        {
            await start.Opened;
            return await Patience.ApplyAsync(scene, scene.Patch($"{racer}", $"KEY_{racer}={racer}"));
        })).ToArray();

        start.Open();
        var patches = await Task.WhenAll(running);

        var values = await scene.Env.ReadValuesAsync(await scene.FindStackAsync(), racers, default);
        values.Count.ShouldBe(racers);
        values.ShouldAllBe(pair => pair.Key == $"KEY_{pair.Value}");
        patches.Select(patch => patch.Revision!.Value).Order().ShouldBe(Enumerable.Range(1, racers).Select(number => (long)number));
        patches.Sum(patch => patch.KeysSet).ShouldBe(racers);
        patches.ShouldAllBe(patch => patch.Applied && patch.KeysUnset == 0 && patch.TotalKeys == patch.Revision);
        await CheckRevisionsAsync(scene, patches);
    }

    [Fact]
    public async Task The_same_race_is_lost_by_who_reads_merges_and_writes()
    {
        const int racers = 16;
        await using var dataSource = database.Connect(Connections);
        await dataSource.CreateCommand("CREATE TABLE naive (variables text)").RunAsync(default);
        await dataSource.CreateCommand("INSERT INTO naive VALUES ('')").RunAsync(default);
        await using var barrier = await Rival.BeginAsync(database);
        await barrier.RunAsync("LOCK TABLE naive IN SHARE MODE");
        var running = Enumerable.Range(0, racers).Select(racer => Task.Run(() => MergeNaivelyAsync(dataSource, $"KEY_{racer}={racer}"))).ToArray();

        // All have read before anybody can write.
        await barrier.BlocksAsync(racers);
        await barrier.CommitAsync();
        await Task.WhenAll(running);

        (await ReadNaivelyAsync(dataSource)).Count.ShouldBe(1);
    }

    private static async Task CheckRevisionsAsync(EnvScene scene, EnvPatchRow[] patches)
    {
        var revisions = await scene.ReadRevisionsAsync();
        revisions.Select(revision => revision.Number).ShouldBe(Enumerable.Range(1, patches.Length).Select(number => (long)number));
        foreach (var revision in revisions)
        {
            var patch = patches.Single(patch => patch.Uid == revision.PatchUid);
            (patch.Revision, patch.TotalBytes, patch.TotalKeys).ShouldBe((revision.Number, revision.TotalBytes, revision.Keys.Split(' ').Length));
            var values = await scene.Env.ReadValuesAsync(scene.Stack, revision.Number, default);
            (string.Join(' ', values.Keys), EnvSize.Of(values)).ShouldBe((revision.Keys, revision.TotalBytes));
            values.Keys.ShouldContain(revision.KeysSet);
        }
    }

    private static async Task MergeNaivelyAsync(NpgsqlDataSource dataSource, string variable)
    {
        var variables = await ReadNaivelyAsync(dataSource);
        await dataSource.CreateCommand("UPDATE naive SET variables = $1").With(string.Join(' ', [.. variables, variable])).RunAsync(default);
    }

    private static async Task<IReadOnlyList<string>> ReadNaivelyAsync(NpgsqlDataSource dataSource) =>
        (await dataSource.CreateCommand("SELECT variables FROM naive").ListAsync(row => row.GetString(0), default))
            .Single().Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
