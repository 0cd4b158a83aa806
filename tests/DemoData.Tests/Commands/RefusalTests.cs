using Npgsql;
using Shouldly;
using Xunit;

namespace Slipway.DemoData.Tests.Commands;

/// <summary>Runs that must not happen, or cannot: each with its exit code, a reason and a remedy, and nothing changed.</summary>
public sealed class RefusalTests : CommandScene
{
    private const string Pets = "CREATE TABLE pets (id int PRIMARY KEY, name text NOT NULL);";

    [Theory]
    [InlineData("reset-demo-data", "Maximum Pool Size=1 is too small: one connection holds the lock while another works", ";Maximum Pool Size=1")]
    [InlineData("seed-demo-data", "set it to 2 or more", ";Maximum Pool Size=1")]
    [InlineData("reset-demo-data", "--profile \"prod\" is not one of dev, uat, demo", "", "--profile", "prod")]
    [InlineData("reset-demo-data", "--scale", "", "--scale", "0")]
    [InlineData("reset-demo-data", "needs --migrations too", "", "--data", "somewhere")]
    [InlineData("reset-demo-data", "needs --data too", "", "--migrations", "somewhere")]
    public async Task Wrong_options(string command, string reason, string setting, params string[] options)
    {
        var result = await SlipwayAsync([command, "--lock", "database", "--database", Database.ConnectionString + setting, .. options]);

        result.ExitCode.ShouldBe(2, result.Output);
        result.Output.ShouldContain(reason);
        await UntouchedAsync();
    }

    [Theory]
    [InlineData("reset-demo-data", 15, "there is no folder")]
    [InlineData("seed-demo-data", 16, "there is no folder")]
    public async Task A_folder_that_is_not_there(string command, int code, string reason)
    {
        var missing = Path.Combine(Folder, "missing");
        string[] migrations = command[0] == 'r' ? ["--migrations", missing] : [];
        var result = await RunCommandAsync(command, ["--data", missing, .. migrations]);

        result.ExitCode.ShouldBe(code, result.Output);
        result.Output.ShouldContain(reason);
        await UntouchedAsync();
    }

    [Theory]
    [InlineData("reset-demo-data")]
    [InlineData("seed-demo-data")]
    public async Task A_database_without_a_mark_whatever_a_session_says(string command)
    {
        await RunAsync($"{Pets} INSERT INTO pets VALUES (1, 'mine'); ALTER DATABASE {Database.Name} RESET slipway.resettable");
        var mark = await MarkAsync();
        await RunAsync($"ALTER ROLE {Owner} SET slipway.resettable = '{mark}'; ALTER ROLE {Owner} IN DATABASE {Database.Name} SET slipway.resettable = '{mark}'");
        var before = await DumpAsync(Database);
        foreach (var (address, pgoptions) in new[]
        {
            (Database.ConnectionString, ""), (Database.ConnectionString, $"-c slipway.resettable={mark}"), ($"{Database.ConnectionString};Options=-c slipway.resettable={mark}", ""), (AddressOf(Owner), ""),
        })
        {
            var result = await SlipwayAsync([command, "--lock", "database", "--database", address], new Dictionary<string, string> { ["PGOPTIONS"] = pgoptions });
            result.ExitCode.ShouldBe(11, result.Output);
            result.Output.ShouldContain("has not been marked as one that may be reset");
            result.Output.ShouldContain("slipway allow-reset");
        }

        (await DumpAsync(Database)).ShouldBe(before);
        (await ReadAsync("SELECT count(*) FROM pg_namespace WHERE nspname = 'slipway_demo'")).ShouldBe(["0"]);
    }

    [Theory]
    [InlineData("another_name", null)]
    [InlineData(null, "12345")]
    public async Task A_mark_of_another_database(string? name, string? system)
    {
        var parts = (await MarkAsync()).Split('@');
        await RunAsync($"ALTER DATABASE {Database.Name} SET slipway.resettable = '{name ?? parts[0]}@{system ?? parts[1]}'");
        var result = await RunCommandAsync("reset-demo-data");

        result.ExitCode.ShouldBe(11, result.Output);
        result.Output.ShouldContain("is that of another database");
        await UntouchedAsync();
    }

    [Fact]
    public async Task Allowing_it_takes_a_superuser_and_can_be_taken_back()
    {
        await RunAsync($"ALTER DATABASE {Database.Name} RESET slipway.resettable");
        var refused = await SlipwayAsync(["allow-reset", "--database", AddressOf(Owner)]);
        refused.ExitCode.ShouldBe(19, refused.Output);
        refused.Output.ShouldContain("superuser");
        (await RunCommandAsync("reset-demo-data")).ExitCode.ShouldBe(11);

        var allowed = await SlipwayAsync(["allow-reset", "--database", Database.ConnectionString]);
        allowed.ExitCode.ShouldBe(0, allowed.Output);
        allowed.Output.ShouldContain($"may be reset (slipway.resettable = '{await MarkAsync()}')");
        await SucceedAsync("reset-demo-data");

        var revoked = await SlipwayAsync(["allow-reset", "--revoke", "--database", Database.ConnectionString]);
        revoked.ExitCode.ShouldBe(0, revoked.Output);
        (await RunCommandAsync("seed-demo-data")).ExitCode.ShouldBe(11);
    }

    [Fact]
    public async Task Broken_folders_name_file_line_and_statement_and_leave_the_old_data()
    {
        var (migrations, data) = (FolderOf("migrations", ("1.sql", Pets)), FolderOf("data", ("pets.csv", "id,name\n1,Rex\n")));
        await SucceedAsync("reset-demo-data", "--migrations", migrations, "--data", data);
        var broken = await RunCommandAsync("reset-demo-data", "--data", data, "--migrations", FolderOf("broken", ("1.sql", Pets), ("2.sql", "SELECT 1;\nALTER TABEL pets ADD age int;\n")));
        broken.ExitCode.ShouldBe(15, broken.Output);
        broken.Output.ShouldContain("2.sql, line 2: syntax error at or near \"TABEL\" (42601), in: ALTER TABEL pets ADD age int");
        var stray = await RunCommandAsync("reset-demo-data", "--data", data, "--migrations", FolderOf("stray", ("1.sql", $"{Pets} CREATE SCHEMA other CREATE TABLE things (id int);")));
        stray.ExitCode.ShouldBe(15, stray.Output);
        stray.Output.ShouldContain("created outside of schema public: other.things");
        foreach (var command in new[] { "reset-demo-data", "seed-demo-data" })
        {
            string[] alsoMigrations = command[0] == 'r' ? ["--migrations", migrations] : [];
            var wrong = await RunCommandAsync(command, ["--data", FolderOf("wrong", ("pets.csv", "id,name\n1,Rex\nx,Tom\n")), .. alsoMigrations]);
            wrong.ExitCode.ShouldBe(16, wrong.Output);
            wrong.Output.ShouldContain("pets.csv, line 3, column id: ");
        }

        (await ReadAsync("SELECT id, name FROM pets")).ShouldBe(["1|Rex"]);
    }

    [Fact]
    public async Task A_role_without_privileges()
    {
        await SucceedAsync("reset-demo-data");
        var before = await DumpAsync(Database, "--schema", "public");
        var result = await SlipwayAsync(["reset-demo-data", "--lock", "database", "--database", AddressOf(App)]);

        result.ExitCode.ShouldBe(19, result.Output);
        result.Output.ShouldContain("permission denied");
        result.Output.ShouldNotContain("   at ");
        (await DumpAsync(Database, "--schema", "public")).ShouldBe(before);
    }

    [Fact]
    public async Task A_database_that_is_not_there()
    {
        var address = new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Database = "nowhere", Password = "secret-word" }.ConnectionString;
        var result = await SlipwayAsync(["reset-demo-data", "--lock", "database", "--wait-for-database", "1s", "--database", address]);

        result.ExitCode.ShouldBe(10, result.Output);
        result.Output.ShouldNotContain("secret-word");
    }

    [Theory]
    [InlineData("reset-demo-data", "--database --migrations --profile --scale --data --admin-email --schema --wait-for-database --wait-for-lock --wait-for-tables --lock --lock-namespace --lease-duration --kubeconfig --context")]
    [InlineData("seed-demo-data", "--database --profile --scale --data --admin-email --schema --wait-for-database --wait-for-lock --wait-for-tables --lock --lock-namespace --lease-duration --kubeconfig --context")]
    [InlineData("allow-reset", "--database --revoke")]
    public async Task Help_tells_of_every_option(string command, string options)
    {
        var help = await SlipwayAsync([command, "--help"]);
        help.ExitCode.ShouldBe(0);
        foreach (var option in options.Split(' '))
        {
            help.Output.ShouldContain($"{option} ");
        }
    }

    [Fact]
    public async Task The_password_is_in_no_output()
    {
        await RunAsync($"ALTER ROLE {Owner} PASSWORD 'secret-word'");
        var address = new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Username = Owner, Password = "secret-word" }.ConnectionString;
        var succeeded = await SlipwayAsync(["reset-demo-data", "--lock", "database", "--database", address]);
        var failed = await SlipwayAsync(["reset-demo-data", "--lock", "database", "--database", address, "--schema", "pg_catalog"]);
        var wrong = await SlipwayAsync(["reset-demo-data", "--lock", "database", "--database", $"{address};Nonsense=1"]);

        succeeded.ExitCode.ShouldBe(0, succeeded.Output);
        failed.ExitCode.ShouldNotBe(0);
        wrong.ExitCode.ShouldBe(2, wrong.Output);
        (succeeded.Output + failed.Output + wrong.Output).ShouldNotContain("secret-word");
    }

    /// <summary>The mark that this database would have to have.</summary>
    private async Task<string> MarkAsync() => (await ReadAsync("SELECT current_database() || '@' || system_identifier FROM pg_control_system()")).Single();

    private async Task UntouchedAsync() => (await ReadAsync("SELECT count(*) FROM pg_namespace WHERE nspname = 'slipway_demo'")).ShouldBe(["0"]);
}
