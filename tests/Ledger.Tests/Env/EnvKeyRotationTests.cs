using Npgsql;
using Shouldly;
using Slipway.Ledger.Env;
using Slipway.Testing;
using Xunit;

namespace Slipway.Ledger.Tests.Env;

/// <summary>Keys come and go, and the values stay. Each test has a database of its own: the key of the identities is one for all stacks.</summary>
public sealed class EnvKeyRotationTests : IAsyncLifetime
{
    /// <summary>More than are looked at together.</summary>
    private const int Many = 120;

    private readonly LedgerDatabase _database = new();
    private EnvScene _scene = null!;

    [Fact]
    public async Task Everything_is_encrypted_anew_and_the_old_key_can_go()
    {
        var patch = _scene.Patch("patch", "A=1");
        var row = (await _scene.ApplyAsync(patch)).Patch;
        await FillAsync(Many);
        var other = await EnvScene.CreateAsync(_database);
        await other.FollowAsync(1, "B=2");

        (await LedgerOf("second", "first").Env.ReencryptAsync(default)).ShouldBe(1 + Many + 1 + 1, "revisions and the key of the identities");

        (await KeyIdsAsync()).ShouldBe(["second"]);
        var scene = LedgerOf("second");
        (await scene.ShowAsync()).ShouldBe($"A=1 N={Many}");
        Change.Show(await scene.Env.ReadValuesAsync(scene.Stack, 7, default)).ShouldBe("A=1 N=6");
        Change.Show(await scene.Env.ReadValuesAsync(other.Stack, 1, default)).ShouldBe("B=2");
        (await scene.ApplyAsync(patch with { Uid = Guid.NewGuid() })).Patch.ShouldBe(row, "a twin");
        (await scene.ApplyAsync("next", "A=2")).Revision.ShouldBe(Many + 2);
        (await scene.Env.ReencryptAsync(default)).ShouldBe(0);
    }

    [Fact]
    public async Task Killed_in_the_middle_it_goes_on_where_it_was()
    {
        await FillAsync(20);
        var left = 30;
        var dying = new EnvLedger(
            _database.DataSource, _scene.Releases.Clock, () => left-- > 0 ? EnvScene.KeysOf("second", "first") : throw new OperationCanceledException());

        await Should.ThrowAsync<OperationCanceledException>(() => dying.ReencryptAsync(default));

        (await KeyIdsAsync()).ShouldBe(["first", "second"]);
        (await LedgerOf("second", "first").ShowAsync()).ShouldBe("N=20");
        (await LedgerOf("second", "first").Env.ReencryptAsync(default)).ShouldBeInRange(1, 19);
        (await KeyIdsAsync()).ShouldBe(["second"]);
        (await LedgerOf("second").ShowAsync()).ShouldBe("N=20");
    }

    [Fact]
    public async Task Without_the_old_key_it_says_which_one_is_missing_and_changes_nothing()
    {
        await FillAsync(1);

        (await Should.ThrowAsync<EnvKeyUnavailableException>(() => LedgerOf("second").Env.ReencryptAsync(default))).Message.ShouldContain("\"first\"");

        (await KeyIdsAsync()).ShouldBe(["first"]);
        await Should.ThrowAsync<EnvKeyUnavailableException>(() => LedgerOf("second").ApplyAsync("next", "A=1"));
        (await _scene.ShowAsync()).ShouldBe("N=1");
    }

    [Fact]
    public async Task One_whose_key_is_missing_holds_up_no_other()
    {
        await FillAsync(2);
        await LedgerOf("lost", "first").ApplyAsync("lost", "A=1");
        await LedgerOf("first", "lost").ApplyAsync("next", "A=2");

        var error = await Should.ThrowAsync<EnvKeyUnavailableException>(() => LedgerOf("second", "first").Env.ReencryptAsync(default));

        error.Message.ShouldContain("\"lost\"");
        (await KeyIdsAsync()).ShouldBe(["lost", "second"]);
        (await LedgerOf("second").ShowAsync()).ShouldBe("A=2 N=2");
        (await LedgerOf("second", "lost").Env.ReencryptAsync(default)).ShouldBe(1);
    }

    [Fact]
    public async Task While_patches_are_merged_nothing_is_lost()
    {
        await FillAsync(40);
        var scene = LedgerOf("second", "first");

        var merging = Task.Run(async () =>
        {
            for (var number = 0; number < 40; number++)
            {
                await Patience.ApplyAsync(scene, scene.Patch($"late-{number}", $"M={number}"));
            }
        });
        await Task.WhenAll(Task.Run(() => scene.Env.ReencryptAsync(default)), Task.Run(() => scene.Env.ReencryptAsync(default)), merging);
        await scene.Env.ReencryptAsync(default);

        (await KeyIdsAsync()).ShouldBe(["second"]);
        (await LedgerOf("second").ShowAsync()).ShouldBe("M=39 N=40");
        (await scene.ReadRevisionsAsync()).Count.ShouldBe(80);
    }

    [Fact]
    public async Task Who_makes_the_first_patch_at_once_agrees_on_the_key_of_the_identities()
    {
        var start = new Gate();
        var patch = _scene.Patch("patch", "A=1");
        var running = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var ledger = LedgerOf("first");
            await start.Opened;
            return await Patience.ApplyAsync(ledger, patch with { Uid = Guid.NewGuid() });
        })).ToArray();

        start.Open();

        (await Task.WhenAll(running)).Distinct().ShouldHaveSingleItem().Revision.ShouldBe(1);
        (await _scene.CountPatchesAsync()).ShouldBe(1);
    }

    /// <summary>Else whoever reads the database could try values until their hash fits.</summary>
    [Fact]
    public async Task What_tells_the_same_spec_again_is_another_one_in_every_ledger()
    {
        await _scene.ApplyAsync("patch", "A=1");
        var other = new LedgerDatabase();
        await other.InitializeAsync();
        try
        {
            await (await EnvScene.CreateAsync(other)).ApplyAsync("patch", "A=1");

            (await IdentityAsync(other)).ShouldNotBe(await IdentityAsync(_database));
        }
        finally
        {
            await other.DisposeAsync();
        }
    }

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _scene = await EnvScene.CreateAsync(_database);
    }

    public Task DisposeAsync() => _database.DisposeAsync();

    private EnvScene LedgerOf(params IReadOnlyList<string> keys) =>
        _scene.With(new EnvLedger(_database.DataSource, _scene.Releases.Clock, () => EnvScene.KeysOf(keys)));

    private async Task FillAsync(int revisions)
    {
        for (var number = 1; number <= revisions; number++)
        {
            await _scene.ApplyAsync($"{number}", $"N={number}");
        }
    }

    private Task<List<string>> KeyIdsAsync() => _database.DataSource
        .CreateCommand("SELECT key_id FROM slipway.env_revisions UNION SELECT key_id FROM slipway.env_identity ORDER BY 1")
        .ListAsync(row => row.GetString(0), default);

    private static async Task<byte[]> IdentityAsync(LedgerDatabase database) =>
        (await new NpgsqlCommand("SELECT identity FROM slipway.env_patches", await database.DataSource.OpenConnectionAsync())
            .ListAsync(row => row.GetFieldValue<byte[]>(0), default)).Single();
}
