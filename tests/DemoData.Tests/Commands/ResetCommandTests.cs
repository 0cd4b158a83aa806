using Npgsql;
using Shouldly;
using Slipway.DemoData.Locking;
using Slipway.Testing;
using Xunit;

namespace Slipway.DemoData.Tests.Commands;

/// <summary><c>slipway reset-demo-data</c> and <c>slipway seed-demo-data</c> that succeed.</summary>
public sealed class ResetCommandTests : CommandScene
{
    private const string CountsSql =
        """
        SELECT (SELECT count(*) FROM staff), (SELECT count(*) FROM services), (SELECT count(*) FROM clients), (SELECT count(*) FROM pets), (SELECT count(*) FROM invoices),
            (SELECT count(DISTINCT invoice_id) FROM invoice_line_items), (SELECT count(DISTINCT invoice_id) FROM tip_splits), (SELECT count(*) FROM visit_logs)
        """;

    [Theory]
    [InlineData("dev", "4|10|100|176|1000|1000|1000|1000")]
    [InlineData("uat", "4|10|100|176|1000|1000|1000|1000")]
    [InlineData("demo", "8|10|500|880|4000|4000|4000|4000")]
    public async Task Make_the_same_rows_on_an_empty_database_and_on_a_used_one(string profile, string counts)
    {
        (await SucceedAsync("reset-demo-data", "--profile", profile)).ShouldContain("swap ");
        (await ReadAsync(CountsSql)).ShouldBe([counts]);
        var first = await DumpAsync(Database, "--data-only", "--schema", "public");

        (await SucceedAsync("reset-demo-data", "--profile", profile)).ShouldContain("the schema is unchanged");
        Difference(await DumpAsync(Database, "--data-only", "--schema", "public"), first).ShouldBeEmpty();
        await SucceedAsync("seed-demo-data", "--profile", profile);
        Difference(await DumpAsync(Database, "--data-only", "--schema", "public"), first).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_databases_are_alike_and_the_amounts_add_up()
    {
        await using var other = await PostgresDatabase.CreateAsync();
        await using (var connection = new NpgsqlConnection($"{other.ConnectionString};Pooling=false"))
        {
            await connection.OpenAsync();
            await ResetMark.SetAsync(connection, default);
        }

        await SucceedAsync("reset-demo-data");
        // The form of a URL, and by the environment.
        var result = await SlipwayAsync(["reset-demo-data"], new Dictionary<string, string> { ["DATABASE_URL"] = other.Url, ["DEMO_LOCK"] = "database", ["SEED_PROFILE"] = "dev" });
        result.ExitCode.ShouldBe(0, result.Output);

        (await DumpAsync(Database, "--no-privileges", "--schema", "public")).ShouldBe(await DumpAsync(other, "--no-privileges", "--schema", "public"));
        (await ReadAsync("SELECT role::text, count(*) FROM staff GROUP BY 1 ORDER BY 1")).ShouldBe(["groomer|2", "manager|1", "receptionist|1"]);
        (await ReadAsync("""
            SELECT count(*) FROM invoices WHERE subtotal_cents <> (SELECT sum(amount_cents) FROM invoice_line_items WHERE invoice_id = invoices.id)
                OR tip_cents <> (SELECT sum(amount_cents) FROM tip_splits WHERE invoice_id = invoices.id) OR total_cents <> subtotal_cents - discount_cents + tax_cents + tip_cents
            """)).ShouldBe(["0"]);
    }

    [Fact]
    public async Task Folders_are_applied_and_the_administrator_is_there_every_time()
    {
        string[] options =
        [
            "--migrations", FolderOf("migrations", ("1.sql", "CREATE TABLE staff (id serial PRIMARY KEY, email text);"), ("2.sql", "INSERT INTO staff (email) VALUES ('first@shop.example');")),
            "--data", FolderOf("data", ("1.sql", "INSERT INTO staff (email) VALUES (current_setting('slipway.admin_email'));"), ("staff.csv", "email\nlast@shop.example\n")),
            "--admin-email", "me@shop.example",
        ];
        for (var run = 0; run < 2; run++)
        {
            await SucceedAsync("reset-demo-data", options);
            (await ReadAsync("SELECT id, email FROM staff ORDER BY id")).ShouldBe(["1|first@shop.example", "2|me@shop.example", "3|last@shop.example"]);
        }

        await SucceedAsync("reset-demo-data", "--admin-email", "me@shop.example");
        (await ReadAsync("SELECT email FROM staff WHERE id = 1")).ShouldBe(["me@shop.example"]);
    }

    [Fact]
    public async Task Odd_settings_of_a_role_do_no_harm()
    {
        await RunAsync($"""
            ALTER ROLE {Owner} SET statement_timeout = '1min'; ALTER ROLE {Owner} SET default_transaction_read_only = on; ALTER ROLE {Owner} SET search_path = nowhere, "$user";
            ALTER ROLE {Owner} SET idle_in_transaction_session_timeout = '1min'; ALTER ROLE {Owner} SET lock_timeout = '1min'; ALTER ROLE {Owner} SET default_transaction_isolation = 'serializable';
            ALTER ROLE {Owner} SET DateStyle = 'German'; ALTER ROLE {Owner} SET TimeZone = 'Asia/Kathmandu'; ALTER ROLE {Owner} SET row_security = off; ALTER ROLE {Owner} SET bytea_output = 'escape';
            ALTER ROLE {Owner} SET session_replication_role = 'origin'; ALTER ROLE {Owner} SET extra_float_digits = -5; ALTER ROLE {Owner} SET quote_all_identifiers = on
            """);
        string[] asOwner = ["--lock", "database", "--database", AddressOf(Owner)];
        foreach (var command in new[] { "reset-demo-data", "reset-demo-data", "seed-demo-data" })
        {
            var result = await SlipwayAsync([command, .. asOwner]);
            result.ExitCode.ShouldBe(0, result.Output);
        }

        (await ReadAsync(CountsSql)).ShouldBe(["4|10|100|176|1000|1000|1000|1000"]);
        var own = await SlipwayAsync(
        [
            "reset-demo-data", .. asOwner, "--migrations", FolderOf("migrations", ("1.sql", "CREATE TABLE found (name text, setting text);")),
            "--data", FolderOf("data", ("1.sql", "INSERT INTO found SELECT name, setting FROM pg_settings WHERE name ~ '^(lock|statement|idle.*)_timeout$|^default_transaction|^TimeZone$|^DateStyle$|^search_path$';")),
        ]);
        own.ExitCode.ShouldBe(0, own.Output);
        (await ReadAsync("SELECT name || ' ' || setting FROM found WHERE name <> 'lock_timeout'")).ShouldBe(
            [
                "DateStyle ISO, YMD", "TimeZone UTC", "default_transaction_isolation read committed", "default_transaction_read_only off", "default_transaction_deferrable off",
                "idle_in_transaction_session_timeout 0", "idle_session_timeout 0", "statement_timeout 0", "search_path \"public\", \"nowhere\", \"$user\"",
            ],
            ignoreOrder: true);
    }

    /// <summary>Lines that are in one dump only: where rows were replaced, they lie in the file where there was room.</summary>
    private static IReadOnlyList<string> Difference(string one, string other)
    {
        var (ones, others) = (one.Split('\n').Order(StringComparer.Ordinal).ToList(), other.Split('\n').Order(StringComparer.Ordinal).ToList());
        return ones.SequenceEqual(others) ? [] : [.. ones.Except(others), .. others.Except(ones), $"{ones.Count} and {others.Count} lines"];
    }
}
