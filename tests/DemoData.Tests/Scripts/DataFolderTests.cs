using System.Text;
using Npgsql;
using Shouldly;
using Slipway.DemoData.Chain;
using Slipway.DemoData.Scripts;
using Xunit;

namespace Slipway.DemoData.Tests.Scripts;

public sealed class DataFolderTests : ScriptScene
{
    private const string Tables = """
        CREATE TABLE clients (
            id int PRIMARY KEY, age int NOT NULL CHECK (age > 0), "Full ""Name" varchar(8) UNIQUE, twice int GENERATED ALWAYS AS (2 * age) STORED);
        CREATE TABLE pets (id int PRIMARY KEY, client int REFERENCES clients, name text);
        CREATE TABLE visits (pet int REFERENCES pets DEFERRABLE INITIALLY DEFERRED, note text);
        """;

    [Fact]
    public async Task Files_fill_their_tables_in_order()
    {
        await ExecuteAsync(Tables);
        Write("010_clients.csv", "\uFEFFid,\"age\",\"Full \"\"Name\"\r\n1,2,\"a, \"\"b\"\"\"\r\n2,3,\r\n3,4,\"c\r\nd\"");
        Write("020-pets.CSV", "name , client,id\nRex,1,1\n\"\",2,2\n");
        Write("030_more.sql", "UPDATE clients SET age = 9 WHERE id = 3;\nCOPY public.visits FROM stdin;\n1\tone\n2\t\\N\n\\.\n");
        Write("notes.txt", "no data");

        var folder = new DataFolder(Folder, null);
        folder.Description.ShouldBe($"folder {Folder} (3 files)");
        folder.Tables.ShouldBe(["clients", "pets", "visits"]);
        (await folder.FillAsync(Connection, default)).ShouldBe(
            [new FilledPart("clients", 3), new FilledPart("pets", 2), new FilledPart("030_more.sql", 3)]);
        (await ReadAsync("SELECT concat_ws('|', id, age, \"Full \"\"Name\") FROM clients ORDER BY id")).ShouldBe(["1|2|a, \"b\"", "2|3", "3|9|c\r\nd"]);
        (await ReadAsync("SELECT concat_ws('|', id, client, name) FROM pets ORDER BY id")).ShouldBe(["1|1|Rex", "2|2|"]);
    }

    [Theory]
    [InlineData("id,age\n1,1\n2,x\n3,3\n", ", line 3, column age: invalid input syntax for type integer: \"x\"")]
    [InlineData("id,age\n1,1\n2,3,4\n", ", line 3: extra data after last expected column")]
    [InlineData("id,age\n1,1\n2\n", ", line 3, column age: missing data for column \"age\"")]
    [InlineData("id,age\n1,1\n\n", ", line 3, column age: missing data for column \"age\"")]
    [InlineData("id,age\n1,1\n2,\n", ", line 3, column age: null value in column \"age\" of relation \"clients\" violates not-null constraint\nDETAIL: Failing row contains (2, null, null, null).")]
    [InlineData("id,age\n1,1\n2,-2\n", ", line 3: new row for relation \"clients\" violates check constraint \"clients_age_check\"\nDETAIL: Failing row contains (2, -2, null, -4).")]
    [InlineData("id,age\n1,1\n2,2\n1,3\n4,4\n", ", line 4: duplicate key value violates unique constraint \"clients_pkey\"\nDETAIL: Key (id)=(1) already exists.")]
    [InlineData("id,age,\"Full \"\"Name\"\n1,1,\"a\nb\"\n2,2,abcdefghi\n", ", line 4, column Full \"Name: value too long for type character varying(8)")]
    [InlineData("id,agee\n1,1\n", ", line 1: column \"agee\" of relation \"clients\" does not exist")]
    [InlineData("id,age,id\n1,1,1\n", ", line 1: column \"id\" specified more than once")]
    [InlineData("id,age,twice\n1,1,2\n", ", line 1: column \"twice\" is a generated column\nDETAIL: Generated columns cannot be used in COPY.")]
    [InlineData("id,age,\"Full \"\"Name\"\n1,1,\"a\nb\"\n2,2,\"open\n3,3,c\n", ", line 4: unterminated CSV quoted field: the quote that begins here is not closed")]
    [InlineData("id,age,\"Full \"\"Name\"\n1,1,\"a\n\"\"b\n2,2,c\n", ", line 2: unterminated CSV quoted field: the quote that begins here is not closed")]
    [InlineData("id,age\n1,1\n2,\xff\n3,3\n", ", line 3: invalid byte sequence for encoding \"UTF8\": 0xff")]
    [InlineData("id,age\n1,1\n\\.\n3,3\n", ", line 3: PostgreSQL takes \\. for the end of the data and drops what follows; write it in quotes")]
    [InlineData("id,age\n1,1\n\\.", ", line 3: PostgreSQL takes \\. for the end of the data and drops what follows; write it in quotes")]
    [InlineData("", ", line 1: the first line must name the columns, separated by commas")]
    [InlineData("id,,age\n1,1,1\n", ", line 1: the first line must name the columns, separated by commas")]
    [InlineData("id,\"age\n1,1\n", ", line 1: the first line must name the columns, separated by commas")]
    [InlineData("i\xe4,age\n1,1\n", ", line 1: not UTF-8; save the file in this encoding")]
    [InlineData("\xff\xfei\0d\0", ", line 1: not UTF-8; save the file in this encoding")]
    public async Task A_wrong_csv_is_told_with_file_line_and_column(string latin, string message)
    {
        await ExecuteAsync(Tables);
        var path = Path.Combine(Folder, "010_clients.csv");
        await File.WriteAllBytesAsync(path, Encoding.Latin1.GetBytes(latin));

        var error = await Should.ThrowAsync<DemoDataException>(() => new DataFolder(Folder, null).FillAsync(Connection, default));
        error.Message.ShouldBe(path + message);
        error.Fault.ShouldBe(DemoDataFault.BrokenDataSet);
    }

    [Fact]
    public async Task Two_columns_apart_are_not_mixed_up()
    {
        await ExecuteAsync("CREATE TABLE t (\"a: b\" int, \"column\" int)");
        Write("t.csv", "column,a: b\n1,x\n");
        (await MessageAsync()).ShouldContain("t.csv, line 2, column a: b: invalid input syntax");
    }

    [Fact]
    public async Task A_table_that_is_missing_is_told_with_how_it_is_named()
    {
        Write("1_2_clientss.csv", "id\n1\n");
        (await MessageAsync()).ShouldBe(
            $"{Path.Combine(Folder, "1_2_clientss.csv")}: relation \"2_clientss\" does not exist\n"
            + "HINT: the table is called like the file, without extension and without digits in front");
    }

    [Fact]
    public void A_file_that_names_no_table_is_refused()
    {
        Write("010_.csv", "id\n1\n");
        Should.Throw<DemoDataException>(() => new DataFolder(Folder, null)).Message.ShouldBe(
            $"{Path.Combine(Folder, "010_.csv")}: the file must be called like its table, for example 010_clients.csv");
    }

    [Fact]
    public async Task A_foreign_key_that_leads_nowhere_is_told_with_its_value()
    {
        await ExecuteAsync(Tables);
        Write("pets.csv", "id,client\n1,7\n");
        (await MessageAsync()).ShouldBe(
            $"{Path.Combine(Folder, "pets.csv")}: insert or update on table \"pets\" violates foreign key constraint \"pets_client_fkey\"\n"
            + "DETAIL: Key (client)=(7) is not present in table \"clients\".");
    }

    [Fact]
    public async Task A_detail_that_the_client_keeps_back_is_not_told_as_one()
    {
        await using var discreet = new NpgsqlConnection($"{Database.ConnectionString};Pooling=false");
        await discreet.OpenAsync();
        await using var transaction = await discreet.BeginTransactionAsync();
        await using var make = new NpgsqlCommand(Tables, discreet);
        await make.ExecuteNonQueryAsync();
        Write("clients.csv", "id,age\n1,1\n1,1\n");
        (await Should.ThrowAsync<DemoDataException>(() => new DataFolder(Folder, null).FillAsync(discreet, default))).Message
            .ShouldEndWith("clients.csv, line 3: duplicate key value violates unique constraint \"clients_pkey\"");
    }

    [Fact]
    public async Task A_deferred_key_that_leads_nowhere_is_told_before_the_commit()
    {
        await ExecuteAsync(Tables);
        Write("visits.csv", "pet\n7\n");
        (await MessageAsync()).ShouldBe(
            $"folder {Folder} (1 file): insert or update on table \"visits\" violates foreign key constraint \"visits_pet_fkey\"\n"
            + "DETAIL: Key (pet)=(7) is not present in table \"pets\".");
    }

    [Fact]
    public async Task Any_amount_is_streamed_and_what_is_wrong_is_found_at_both_ends()
    {
        await ExecuteAsync(Tables);
        Write("clients.csv", "id,age\n" + string.Join('\n', Enumerable.Range(1, 50_000).Select(id => $"{id},{id}")));
        (await new DataFolder(Folder, null).FillAsync(Connection, default)).ShouldBe([new FilledPart("clients", 50_000)]);

        File.AppendAllText(Path.Combine(Folder, "clients.csv"), "\nx,1\n");
        await ExecuteAsync("DELETE FROM clients; SAVEPOINT here");
        (await MessageAsync()).ShouldContain("clients.csv, line 50002, column id: invalid input");

        Write("clients.csv", "id,age\nx,1\n" + File.ReadAllText(Path.Combine(Folder, "clients.csv")));
        await ExecuteAsync("ROLLBACK TO here");
        (await MessageAsync()).ShouldContain("clients.csv, line 2, column id: invalid input");
    }

    [Theory]
    [InlineData("admin@example.test", "admin@example.test")]
    [InlineData(null, null)]
    public async Task A_script_finds_the_address_of_the_admin(string? email, string? found)
    {
        await ExecuteAsync("CREATE TABLE logins (email text)");
        Write("1.sql", "INSERT INTO logins VALUES (current_setting('slipway.admin_email', true)); SET LOCAL search_path = ''");
        Write("2.sql", "INSERT INTO logins VALUES (current_setting('slipway.admin_email', true))");
        await new DataFolder(Folder, email).FillAsync(Connection, default);
        (await ReadAsync("SELECT email FROM logins")).ShouldBe([found, found]);
    }

    [Fact]
    public async Task The_connection_is_of_use_after_a_file_that_is_refused_on_the_way()
    {
        await ExecuteAsync($"{Tables} SAVEPOINT here");
        Write("clients.csv", "id,age\n1,1\n\\.\n");
        await MessageAsync();
        await ExecuteAsync("ROLLBACK TO here");
        (await ReadAsync("SELECT count(*)::text FROM clients")).ShouldBe(["0"]);
    }

    [Fact]
    public async Task A_load_may_take_longer_than_a_command()
    {
        await using var hasty = new NpgsqlConnection($"{Database.ConnectionString};Pooling=false;Command Timeout=1");
        await hasty.OpenAsync();
        await using var transaction = await hasty.BeginTransactionAsync();
        await using var make = new NpgsqlCommand(
            "CREATE TABLE t (id int); CREATE FUNCTION rest() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(1.2); RETURN NEW; END'; "
            + "CREATE TRIGGER rest BEFORE INSERT ON t FOR EACH STATEMENT EXECUTE FUNCTION rest()", hasty)
        { CommandTimeout = 60 };
        await make.ExecuteNonQueryAsync();
        Write("1_t.csv", "id\n1\n");
        Write("2.sql", "SELECT pg_sleep(1.2); INSERT INTO t VALUES (1);\nCOPY t FROM stdin;\n1\n\\.\n");
        (await new DataFolder(Folder, null).FillAsync(hasty, default)).ShouldBe([new FilledPart("t", 1), new FilledPart("2.sql", 2)]);
    }

    [Fact]
    public async Task A_server_that_goes_away_is_not_the_files_fault()
    {
        await ExecuteAsync("CREATE TABLE t (id int); CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS "
            + "'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END'; "
            + "CREATE TRIGGER die BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION die()");
        Write("t.csv", "id\n1\n");
        (await Should.ThrowAsync<PostgresException>(() => new DataFolder(Folder, null).FillAsync(Connection, default)))
            .SqlState.ShouldBe(PostgresErrorCodes.AdminShutdown);
    }

    private async Task<string> MessageAsync() =>
        (await Should.ThrowAsync<DemoDataException>(() => new DataFolder(Folder, null).FillAsync(Connection, default))).Message;
}
