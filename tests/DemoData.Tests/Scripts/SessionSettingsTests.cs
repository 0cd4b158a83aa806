using Npgsql;
using Shouldly;
using Slipway.DemoData.Scripts;
using Slipway.Testing;
using Xunit;

namespace Slipway.DemoData.Tests.Scripts;

public sealed class SessionSettingsTests : ScriptScene
{
    private const string Names = "'search_path', 'lock_timeout', 'statement_timeout', 'client_min_messages', 'row_security', 'role', "
        + "'session_authorization', 'default_table_access_method', 'check_function_bodies', 'DateStyle'";

    private const string Settings = $"SELECT name || '=' || current_setting(name) FROM unnest(ARRAY[{Names}]) AS name";

    [Fact]
    public async Task A_script_leaves_the_settings_as_they_were()
    {
        await ExecuteAsync("CREATE SCHEMA made; SET LOCAL search_path = made, public; SET LOCAL lock_timeout = '12s'; SET LOCAL DateStyle = 'German'");
        await ExecuteAsync($"CREATE ROLE {Database.Name}_role");
        var before = await ReadAsync(Settings);

        await RunAsync($"""
            SELECT pg_catalog.set_config('search_path', '', false);
            SET statement_timeout = '1h'; SET LOCAL client_min_messages = error; SET row_security = off; RESET lock_timeout; RESET DateStyle;
            SET check_function_bodies = false;
            SET ROLE {Database.Name}_role; SET SESSION AUTHORIZATION {Database.Name}_role;
            """);

        (await ReadAsync(Settings)).ShouldBe(before);
        before.ShouldContain("search_path=made, public");
        before.ShouldContain("lock_timeout=12s");
    }

    [Fact]
    public async Task The_callers_role_is_put_back()
    {
        await ExecuteAsync($"CREATE ROLE {Database.Name}_role; SET LOCAL ROLE {Database.Name}_role");
        await RunAsync("RESET ROLE; SET work_mem = '9MB'");
        (await ReadAsync("SELECT current_user::text || current_setting('work_mem')")).ShouldBe([$"{Database.Name}_role4MB"]);
    }

    [Fact]
    public async Task Nothing_of_it_outlives_the_transaction()
    {
        var before = await ReadAsync(Settings);
        await ExecuteAsync("SET LOCAL search_path = pg_temp, public");
        await RunAsync("SET search_path = ''; SET statement_timeout = '1h'; SET lock_timeout = '1h'");
        await ExecuteAsync("COMMIT");
        (await ReadAsync(Settings)).ShouldBe(before);
    }

    [Fact]
    public async Task What_the_session_had_before_the_transaction_is_there_after_it()
    {
        await ExecuteAsync("COMMIT; SET statement_timeout = '77s'; SET lock_timeout = '12s'; SET client_min_messages = error; SET DateStyle = 'German'");
        var before = await ReadAsync(Settings);
        await ExecuteAsync("BEGIN; SET LOCAL lock_timeout = '3s'; SET LOCAL search_path = pg_temp, public");
        var within = await ReadAsync(Settings);

        await RunAsync("""
            SET statement_timeout = 0; SET SESSION client_min_messages TO warning; SET lock_timeout TO 0; SET row_security = off;
            SET /* SESSION */ DateStyle TO DEFAULT; SELECT pg_catalog.set_config('search_path', '', false);
            SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY;
            """);

        (await ReadAsync(Settings)).ShouldBe(within);
        (await ReadAsync("SHOW default_transaction_read_only")).ShouldBe(["off"]);
        await ExecuteAsync("COMMIT");
        (await ReadAsync(Settings)).ShouldBe(before);
        (await ReadAsync("SHOW default_transaction_read_only")).ShouldBe(["off"]);
    }

    [Fact]
    public async Task What_the_caller_wants_is_set_for_every_script()
    {
        var wanted = new Setting("slipway.admin_email", "it's@example.test");
        const string script = "CREATE TABLE IF NOT EXISTS seen (email text); INSERT INTO seen VALUES (current_setting('slipway.admin_email', true)); SET slipway.admin_email = 'x'";
        await RunAsync(script, wanted);
        await RunAsync(script, wanted);
        (await ReadAsync("SELECT email FROM seen")).ShouldBe([wanted.Value, wanted.Value]);
    }

    [Fact]
    public async Task A_backslash_is_one_whatever_the_database_says()
    {
        await ExecuteAsync("SET LOCAL standard_conforming_strings = off");
        await RunAsync(@"CREATE TABLE t AS SELECT 'a\' AS a, 'b;\' AS b");
        (await ReadAsync("SELECT a || b FROM t")).ShouldBe([@"a\b;\"]);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("inserts", "--inserts", "--clean", "--if-exists")]
    public async Task A_dump_of_another_database_is_a_migration(string name, params string[] options)
    {
        await using var other = await PostgresDatabase.CreateAsync();
        await using (var connection = new NpgsqlConnection($"{other.ConnectionString};Pooling=false"))
        {
            await connection.OpenAsync();
            await using var make = new NpgsqlCommand(Shop, connection);
            await make.ExecuteNonQueryAsync();
        }

        var dump = await Command.RunAsync("pg_dump", ["--no-owner", .. options, other.Url]);
        dump.ExitCode.ShouldBe(0, dump.Output);
        await ExecuteAsync("SET LOCAL search_path = public");
        var before = await ReadAsync(Settings);

        Write($"0001_{name}.sql", dump.Output);
        Write("0002_more.sql", "CREATE TABLE more AS SELECT double(sum(id)::int) AS sum FROM pets");
        await new MigrationFolder(Folder).ApplyAsync(Connection, default);

        (await ReadAsync(Settings)).ShouldBe(before);
        (await ReadAsync("SELECT name || coalesce(note, '-') || nextval('pets_id_seq')::text FROM public.pets ORDER BY id"))
            .ShouldBe(["Rex; it's\t\\\n🐕-3", "\\.note4"]);
        (await ReadAsync("SELECT sum::text FROM public.more")).ShouldBe(["6"]);
    }

    private const string Shop = """
        CREATE TYPE kind AS ENUM ('dog', 'cat;');
        CREATE TABLE pets (id serial PRIMARY KEY, name text NOT NULL, note text, kind kind DEFAULT 'cat;');
        COMMENT ON TABLE pets IS 'pets; and '' more';
        INSERT INTO pets (name, note) VALUES (E'Rex; it''s\t\\\n🐕', NULL), ('\.', 'note');
        CREATE FUNCTION double(a int) RETURNS int LANGUAGE plpgsql AS $_$ BEGIN RETURN 2 * $1; END $_$;
        CREATE VIEW names AS SELECT name FROM pets;
        CREATE RULE none AS ON DELETE TO pets DO INSTEAD (SELECT 1; SELECT 2);
        CREATE INDEX by_name ON pets (name);
        """;
}
