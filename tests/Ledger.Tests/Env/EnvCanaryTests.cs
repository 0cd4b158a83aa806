using System.Text;
using Shouldly;
using Slipway.Ledger.Env;
using Xunit;

namespace Slipway.Ledger.Tests.Env;

/// <summary>Nobody who reads the database, also a backup of it, reads a value.</summary>
public sealed class EnvCanaryTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    private const string Canary = "canary-4711-value";

    [Fact]
    public async Task A_value_is_in_no_row_in_any_form()
    {
        var scene = await EnvScene.CreateAsync(database);
        await scene.FollowAsync(1, $"A={Canary}");
        await scene.ApplyAsync("merged", $"B={Canary}");
        await scene.ApplyAsync("same", $"B={Canary}");
        await scene.ApplyAsync("large", $"C={Canary}{new string('c', EnvRules.MaxBytes)}");
        await scene.ApplyAsync("bad", $"C={Canary}\0");
        await scene.ApplyAsync("twice", $"C={Canary}", "-C");
        await scene.Env.RejectAsync(scene.Patch("gone", $"D={Canary}"), EnvScene.Deleted, default);
        await scene.FollowAsync(2, $"A={Canary}\0");
        await scene.FollowAsync(3, $"1A={Canary}");
        await scene.Releases.ActiveAsync();
        await scene.Env.ReencryptAsync(default);
        await scene.Releases.Ledger.RegisterStackAsync(Scene.Registration(scene.Stack.Name), default);

        var rows = await DumpAsync();

        rows.Count(row => row.StartsWith("env_patches ", StringComparison.Ordinal)).ShouldBeGreaterThanOrEqualTo(6);
        rows.Count(row => row.StartsWith("env_revisions ", StringComparison.Ordinal)).ShouldBeGreaterThanOrEqualTo(2);
        foreach (var form in Forms())
        {
            rows.ShouldAllBe(row => !row.Contains(form, StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task It_would_be_seen()
    {
        var scene = await EnvScene.CreateAsync(database);
        await scene.ApplyAsync("seen", "A=1");
        foreach (var content in new[] { $"'{Canary}'", $"encode('{Canary}', 'base64')", $"encode('xy{Canary}', 'base64')", $"'{Canary}'::bytea::text" })
        {
            await scene.Releases.RunAsync($"UPDATE slipway.env_patches SET message = {content} WHERE stack_id = $1");
            var rows = await DumpAsync();
            Forms().Count(form => rows.Any(row => row.Contains(form, StringComparison.OrdinalIgnoreCase))).ShouldBeGreaterThan(0, content);
        }

        await scene.Releases.RunAsync("UPDATE slipway.env_patches SET message = '' WHERE stack_id = $1");
    }

    /// <summary>Plain, in hexadecimal digits as bytes are shown, and in base64 wherever it begins: without its ends, which hang on its neighbours.</summary>
    private static IEnumerable<string> Forms() =>
    [
        Canary,
        Convert.ToHexString(Encoding.UTF8.GetBytes(Canary)),
        .. Enumerable.Range(0, 3).Select(before => Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('x', before) + Canary))[4..20]),
    ];

    /// <summary>Every row of every table as text, with the name of the table before it.</summary>
    private async Task<List<string>> DumpAsync()
    {
        var tables = await database.DataSource
            .CreateCommand("SELECT tablename FROM pg_tables WHERE schemaname = 'slipway'").ListAsync(row => row.GetString(0), default);
        var rows = new List<string>();
        foreach (var table in tables)
        {
            rows.AddRange(await database.DataSource
                .CreateCommand($"SELECT t::text FROM slipway.{table} t").ListAsync(row => $"{table} {row.GetString(0)}", default));
        }

        return rows;
    }
}
