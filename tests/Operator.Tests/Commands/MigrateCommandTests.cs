using Npgsql;
using Shouldly;
using Slipway.Testing;
using Xunit;

namespace Slipway.Operator.Tests.Commands;

/// <summary><c>slipway migrate</c>, as a process of its own.</summary>
public sealed class MigrateCommandTests : IAsyncLifetime
{
    private const int Unexpected = 1;
    private const int BadOptions = 2;
    private const int ForeignLedger = 3;
    private const int Incomplete = 5;
    private const string Future = "INSERT INTO slipway.schema_migrations (version, works_with, applied_at, name, checksum) VALUES ";
    private PostgresDatabase _database = null!;

    public async Task InitializeAsync() => _database = await PostgresDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Applies_what_is_missing_and_finds_nothing_to_do_the_second_time()
    {
        var first = await MigrateAsync();
        var second = await MigrateAsync();

        first.ExitCode.ShouldBe(0, first.Output);
        var lines = first.Output.Trim().Split('\n');
        lines[..^1].ShouldBe((await NamesAsync()).Select(name => $"applied {name}"));
        lines[^1].ShouldBe($"The schema is at version {lines.Length - 1} now.");
        second.ShouldBe(new CommandResult(0, $"Nothing to do: the schema is at version {lines.Length - 1}.\n"));
    }

    [Fact]
    public async Task Asked_for_a_dry_run_it_says_what_it_would_do_and_changes_nothing()
    {
        var dry = await MigrateAsync("--dry-run");
        (await ExistsAsync("slipway.schema_migrations")).ShouldBeFalse();
        var real = await MigrateAsync();
        var after = await MigrateAsync("--dry-run");

        dry.ExitCode.ShouldBe(0, dry.Output);
        dry.Output.Split('\n').Where(line => line.StartsWith("would apply ", StringComparison.Ordinal)).Select(line => line["would apply ".Length..])
            .ShouldBe(real.Output.Split('\n').Where(line => line.StartsWith("applied ", StringComparison.Ordinal)).Select(line => line["applied ".Length..]));
        dry.Output.ShouldEndWith("Nothing was changed.\n");
        after.ShouldBe(new CommandResult(0, "Nothing to do.\n"));
    }

    [Theory]
    [InlineData]
    [InlineData("--dry-run")]
    public async Task Refuses_a_schema_that_only_a_newer_version_understands(params string[] options)
    {
        await MigrateAsync();
        await ExecuteAsync($"{Future} (9001, 9001, now(), 'future', '')");

        var refused = await MigrateAsync(options);

        refused.ExitCode.ShouldBe(ForeignLedger, refused.Output);
        refused.Output.ShouldContain("at version 9001 and needs a slipway that knows version 9001");
        refused.Output.ShouldContain("Upgrade slipway, or restore the database");
    }

    [Fact]
    public async Task Leaves_a_newer_schema_that_this_version_works_on_as_it_is()
    {
        await MigrateAsync();
        await ExecuteAsync($"{Future} (9001, 1, now(), 'future', '')");

        (await MigrateAsync()).ShouldBe(new CommandResult(0, "Nothing to do: the schema is at version 9001.\n"));
    }

    [Fact]
    public async Task Several_at_once_apply_each_file_once()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => MigrateAsync()));

        results.ShouldAllBe(result => result.ExitCode == 0);
        results.SelectMany(result => result.Output.Split('\n')).Where(line => line.StartsWith("applied ", StringComparison.Ordinal))
            .Select(line => line["applied ".Length..]).ShouldBe(await NamesAsync(), ignoreOrder: true);
    }

    [Fact]
    public async Task Interrupted_it_says_so_and_leaves_nothing_half_done()
    {
        await using var connection = await OpenAsync();
        await using var holder = await connection.BeginTransactionAsync();
        await ExecuteAsync(connection, "SELECT pg_advisory_xact_lock(hashtextextended('slipway.migrations', 0))");
        await using var migrate = new SlipwayProcess(["migrate", "--database", _database.Url]);
        await Eventually.See("it waits for its turn", async () => await CountAsync(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"),
            waiting => waiting == 1, () => migrate.Log);

        migrate.Terminate();

        (await migrate.ExitAsync()).ShouldBe(Incomplete, migrate.Log);
        migrate.Log.ShouldContain("interrupted");
        await holder.RollbackAsync();
        (await ExistsAsync("slipway.schema_migrations")).ShouldBeFalse();
        (await MigrateAsync()).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Says_of_a_database_that_is_away_that_it_can_be_run_again()
    {
        var away = await RunAsync("--database", "postgres://nobody:s3cret@127.0.0.1:1/none");

        away.ExitCode.ShouldBe(Incomplete, away.Output);
        away.Output.ShouldContain("the database was not reached");
        away.Output.ShouldNotContain("s3cret");
    }

    [Fact]
    public async Task Says_what_the_database_refuses_to_its_user()
    {
        var name = $"slipway_test_{Guid.NewGuid():N}";
        await ExecuteAsync($"CREATE ROLE {name} LOGIN PASSWORD 'p4ss'");
        var refused = await RunAsync("--database", new UriBuilder(_database.Url) { UserName = name, Password = "p4ss" }.Uri.AbsoluteUri);
        await ExecuteAsync($"DROP ROLE {name}");

        refused.ExitCode.ShouldBe(Unexpected, refused.Output);
        refused.Output.ShouldStartWith("slipway migrate: the database refused it: permission denied for database");
        refused.Output.Trim().ShouldNotContain("\n", customMessage: "a sentence, and no stack trace");
    }

    [Fact]
    public async Task Without_a_database_it_says_how_to_name_one()
    {
        var result = await RunAsync();

        result.ExitCode.ShouldBe(BadOptions, result.Output);
        result.Output.ShouldContain("--database (or DATABASE_URL) is missing");
    }

    private Task<CommandResult> MigrateAsync(params IReadOnlyList<string> options) => RunAsync(["--database", _database.Url, .. options]);

    private static Task<CommandResult> RunAsync(params IReadOnlyList<string> options)
    {
        var start = SlipwayProcess.StartOf(["migrate", .. options]);
        return Command.RunAsync(start.FileName, [.. start.ArgumentList], environment: new Dictionary<string, string> { ["DATABASE_URL"] = "" });
    }

    private async Task<IReadOnlyList<string>> NamesAsync()
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand("SELECT string_agg(name, ' ' ORDER BY version) FROM slipway.schema_migrations", connection);
        return ((string)(await command.ExecuteScalarAsync())!).Split(' ');
    }

    private async Task<bool> ExistsAsync(string table) => await CountAsync($"SELECT count(to_regclass('{table}'))") == 1;

    private async Task<long> CountAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await ExecuteAsync(connection, sql);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(_database.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
