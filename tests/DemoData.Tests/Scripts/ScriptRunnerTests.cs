using Npgsql;
using Shouldly;
using Slipway.DemoData.Scripts;
using Slipway.Testing;
using Xunit;

namespace Slipway.DemoData.Tests.Scripts;

public sealed class ScriptRunnerTests : ScriptScene
{
    [Theory]
    [InlineData("SELECT $тег$a;b$тег$", "a;b")]
    [InlineData("SELECT E'a\\';b'\n'\\';c'", "a';b';c")]
    [InlineData("SELECT 'a\\' || ';' || U&'\\0061;\\\\'", "a\\;a;\\")]
    [InlineData("SELECT '{\"x\": 1}'::jsonb ?| ARRAY['x', 'y']::text[]", "true")]
    [InlineData("SELECT @ -5 || ':name @x ? $1'", "5:name @x ? $1")]
    [InlineData("SELECT (ARRAY['a','b','c'])[a:b] FROM (VALUES (2, 3)) AS v(a, b)", "{b,c}")]
    [InlineData("SELECT 1 /* ; /* ' */ ; $$ */ + 1 -- ; '\n + 1", "3")]
    [InlineData("SELECT a$b || \"x;\"\"y\" FROM (VALUES ('1;', '2')) AS v(a$b, \"x;\"\"y\")", "1;2")]
    [InlineData("SELECT $$ :name; $1 @x $$ || $q$$$;$q$", " :name; $1 @x $$;")]
    [InlineData("SELECT '🐕;' || 'ä'", "🐕;ä")]
    [InlineData("SELECT $q$;$q$ || $o$;$o$ || $тег$;$тег$", ";;;")]
    public async Task A_statement_reaches_the_server_as_it_is(string statement, string value)
    {
        await RunAsync($"CREATE TABLE answers (answer) AS {statement}; SELECT 1");
        (await ReadAsync("SELECT answer::text FROM answers")).ShouldBe([value]);
    }

    [Fact]
    public async Task Bodies_of_functions_and_rules_may_have_semicolons()
    {
        var result = await RunAsync("""
            CREATE TABLE log (entry text);
            CREATE FUNCTION twice(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC
                SELECT ';';
                SELECT CASE WHEN a > 0 THEN 2 * a END AS "end";
            END;
            CREATE OR REPLACE PROCEDURE note(text) BEGIN ATOMIC INSERT INTO log VALUES ($1); INSERT INTO log VALUES (':name;$q0$'' $outer_q1$ $q1'); END;
            CREATE VIEW entries AS SELECT entry FROM log;
            CREATE RULE twice AS ON INSERT TO entries DO INSTEAD (INSERT INTO log VALUES ('rule'); INSERT INTO log VALUES (NEW.entry));
            DO $$ BEGIN PERFORM 1; INSERT INTO log VALUES ('do;'); END $$;
            CALL note('called');
            INSERT INTO entries VALUES (twice(21)::text);
            """);

        result.Statements.ShouldBe(8);
        (await ReadAsync("SELECT entry FROM log")).ShouldBe(["do;", "called", ":name;$q0$' $outer_q1$ $q1", "rule", "42"]);
    }

    [Fact]
    public async Task Counts_rows_that_are_written_and_drains_those_that_are_returned()
    {
        var result = await RunAsync("""
            CREATE TABLE pets (id int, name text);
            INSERT INTO pets SELECT number, 'a' FROM generate_series(1, 5000) number RETURNING id, name;
            UPDATE pets SET name = 'b' WHERE id <= 10;
            MERGE INTO pets USING (VALUES (1)) v(id) ON pets.id = v.id WHEN MATCHED THEN UPDATE SET name = 'c';
            SELECT * FROM pets; VALUES (1), (2); TABLE pets;
            DELETE FROM pets WHERE id > 100;
            COPY pets FROM stdin;
            201	d\
            e
            202	f
            \.
            copy pets (id, name) from stdin (format CSV, header);
            id,name
            301,"g
            ;h"
            302,🐕
            \.
            """);

        result.ShouldBe(new ScriptResult(10, 5000 + 10 + 1 + 2 + 2));
        (await ReadAsync("SELECT name FROM pets WHERE id > 200 ORDER BY id")).ShouldBe(["d\ne", "f", "g\n;h", "🐕"]);
    }

    [Fact]
    public async Task Rows_of_any_length_arrive_whole()
    {
        var name = string.Concat(Enumerable.Repeat("a🐕", 50_000));
        await RunAsync($"CREATE TABLE pets (name text);\nCOPY pets FROM stdin;\n{name}\n\\.\n");
        (await ReadAsync("SELECT name FROM pets")).ShouldBe([name]);
    }

    [Fact]
    public async Task All_files_stay_in_the_transaction_of_the_caller()
    {
        await RunAsync("""
            BEGIN; CREATE TABLE one (id int); COMMIT;
            START TRANSACTION ISOLATION LEVEL SERIALIZABLE; COMMIT AND CHAIN; END TRANSACTION; BEGIN WORK;
            SAVEPOINT here; CREATE TABLE two (id int); ROLLBACK TO here; ROLLBACK WORK TO SAVEPOINT here; RELEASE here;
            PREPARE plan AS SELECT 1; EXECUTE plan; DEALLOCATE plan; END;
            """);
        (await ReadAsync("SELECT coalesce(to_regclass('one')::text, '-') || coalesce(to_regclass('two')::text, '-')")).ShouldBe(["one-"]);

        await using var other = new NpgsqlConnection(Database.ConnectionString);
        await other.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT to_regclass('one') IS NULL", other);
        (await command.ExecuteScalarAsync()).ShouldBe(true);
    }

    [Theory]
    [InlineData("ROLLBACK", "all files run in one transaction")]
    [InlineData("rollback and chain", "all files run in one transaction")]
    [InlineData("ABORT", "all files run in one transaction")]
    [InlineData("PREPARE TRANSACTION 'x'", "all files run in one transaction")]
    [InlineData("COMMIT PREPARED 'x'", "all files run in one transaction")]
    [InlineData("ROLLBACK PREPARED 'x'", "all files run in one transaction")]
    [InlineData("COPY one TO STDOUT", "there is nobody to copy to")]
    [InlineData("COPY one FROM stdin (FORMAT binary);\n\\.\n", "the rows of a script are text")]
    [InlineData("SET client_encoding = 'LATIN1'", "files are UTF-8")]
    [InlineData("SET LOCAL client_encoding TO latin1", "files are UTF-8")]
    [InlineData("SET NAMES 'latin1'", "files are UTF-8")]
    [InlineData("SET standard_conforming_strings = off", "a backslash within quotes is a backslash")]
    public async Task What_would_end_it_or_read_the_file_differently_is_refused(string statement, string reason)
    {
        var error = await Should.ThrowAsync<DemoDataException>(() => RunAsync($"CREATE TABLE one (id int);\n\n{statement};"));
        error.Message.ShouldStartWith($"migrations/0003_pets.sql, line 3: {statement.Split(';')[0]} is refused: {reason}");
        (await ReadAsync("SELECT to_regclass('one')::text")).ShouldBe(["one"]);
    }

    [Theory]
    [InlineData("SELECT 1;\nCREATE tabel pets\n  (id bigint);", "line 2: syntax error at or near \"tabel\" (42601), in: CREATE tabel pets (id bigint)")]
    [InlineData("SELECT '🐕🐕🐕',\n '🐕',\n nonsense;", "line 3: column \"nonsense\" does not exist (42703), in: SELECT '🐕🐕🐕', '🐕', nonsense")]
    [InlineData("\nDO $$ BEGIN\n RAISE 'no' USING DETAIL = 'because', HINT = 'try', ERRCODE = 'SL009'; END $$;", "line 2: no (SL009), in: DO $$ BEGIN RAISE 'no' USING DETAIL = 'because', HINT = 'try', ERRCODE = 'SL009'; END $$\nDETAIL: because\nHINT: try")]
    [InlineData("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC\nSELECT 1;\nSELECT nonsense; END;", "line 3: column \"nonsense\" does not exist (42703), in: CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT nonsense; END")]
    [InlineData("CREATE TABLE t (id int,\n age int);\nCOPY t FROM stdin;\n1\t2\n2\told\n\\.\n", "line 5, column age: invalid input syntax for type integer: \"old\" (22P02), in: COPY t FROM stdin")]
    [InlineData("CREATE TABLE t (id int);\nCOPY t (nope) FROM stdin;\n1\n\\.\n", "line 2: column \"nope\" of relation \"t\" does not exist (42703), in: COPY t (nope) FROM stdin")]
    [InlineData("CREATE TABLE t (id int);\nCREATE INDEX CONCURRENTLY i ON t (id);", "line 2: CREATE INDEX CONCURRENTLY cannot run inside a transaction block (25001), in: CREATE INDEX CONCURRENTLY i ON t (id)\nHINT: all files run in one transaction, and nobody uses the tables before it ends: CONCURRENTLY is not needed, VACUUM and the like do not fit")]
    [InlineData("DO $$ BEGIN COMMIT; END $$", "line 1: invalid transaction termination (2D000), in: DO $$ BEGIN COMMIT; END $$")]
    [InlineData("SELECT 1 (2;\nSELECT 2;", "line 1: syntax error at or near \"(\" (42601), in: SELECT 1 (2; SELECT 2;")]
    public async Task A_broken_statement_is_told_with_file_line_and_text(string text, string message)
    {
        var error = await Should.ThrowAsync<DemoDataException>(() => RunAsync(text));
        error.Message.ShouldBe($"migrations/0003_pets.sql, {message}");
        error.Fault.ShouldBe(DemoDataFault.BrokenMigration);
        error.InnerException.ShouldBeOfType<PostgresException>();
    }

    [Fact]
    public async Task A_long_statement_is_cut() =>
        (await Should.ThrowAsync<DemoDataException>(() => RunAsync($"SELECT {new string('x', 1000)}")))
            .Message.ShouldEndWith($", in: SELECT {new string('x', 93)} ...");

    [Theory]
    [InlineData("SET lock_timeout = '10ms'; SELECT * FROM held", PostgresErrorCodes.LockNotAvailable)]
    [InlineData("SET statement_timeout = '10ms'; SELECT pg_sleep(60)", PostgresErrorCodes.QueryCanceled)]
    [InlineData("SELECT pg_terminate_backend(pg_backend_pid())", PostgresErrorCodes.AdminShutdown)]
    public async Task What_is_no_statements_fault_is_left_to_the_caller(string text, string state)
    {
        await using var other = new NpgsqlConnection(Database.ConnectionString);
        await other.OpenAsync();
        await using (var make = new NpgsqlCommand("CREATE TABLE held (id int)", other))
        {
            await make.ExecuteNonQueryAsync();
        }

        await using var transaction = await other.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand("LOCK TABLE held", other);
        await hold.ExecuteNonQueryAsync();

        (await Should.ThrowAsync<PostgresException>(() => RunAsync(text))).SqlState.ShouldBe(state);
    }

    [Fact]
    public async Task A_script_that_is_cancelled_says_so()
    {
        using var stop = new CancellationTokenSource();
        await ExecuteAsync("SELECT set_config('application_name', 'cancelled soon', true)");
        var script = SqlScript.Parse("1.sql", "SELECT pg_sleep(600)", DemoDataFault.BrokenMigration);
        var running = new ScriptRunner(Connection, DemoDataFault.BrokenMigration).RunAsync(script, stop.Token);
        await using var other = new NpgsqlConnection(Database.ConnectionString);
        await other.OpenAsync();
        await using var look = new NpgsqlCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cancelled soon' AND wait_event = 'PgSleep'", other);
        await Eventually.See("the script sleeps", () => look.ExecuteScalarAsync(), sleeping => sleeping is 1L);
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => running);
    }
}
