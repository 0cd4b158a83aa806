using Shouldly;
using Xunit;

namespace Slipway.DemoData.Tests.Chain;

/// <summary>A seed replaces the rows of the data set's tables, and leaves everything else as it is.</summary>
public sealed class SeedTests : ChainScene
{
    private const string Migrations =
        """
        CREATE TABLE kinds (id int PRIMARY KEY, name text);
        CREATE TABLE pets (id serial PRIMARY KEY, kind int REFERENCES kinds, name text);
        CREATE TABLE notes (id serial, entry text);
        INSERT INTO kinds VALUES (1, 'dog'), (2, 'cat');
        """;

    private const string Rows = "INSERT INTO pets (kind, name) SELECT 1, 'pet ' || number FROM generate_series(1, 10) AS number";

    [Fact]
    public async Task Changes_nothing_after_a_reset()
    {
        await ResetAsync(Migrations, Rows);
        var before = await ReadAsync("SELECT * FROM pets ORDER BY id");
        await SeedAsync(TestData.Of(Rows, "pets"));

        (await ReadAsync("SELECT * FROM pets ORDER BY id")).ShouldBe(before);
        (await ReadAsync("SELECT name FROM kinds ORDER BY id")).ShouldBe(["dog", "cat"]);
        Log.Of("clear")[^1].ShouldStartWith("1 tables, 10 rows");
    }

    [Fact]
    public async Task Other_tables_keep_what_people_have_put_there()
    {
        await ResetAsync(Migrations, Rows);
        await RunAsync("INSERT INTO notes (entry) VALUES ('mine'); INSERT INTO pets (name) VALUES ('mine'); UPDATE kinds SET name = 'hound' WHERE id = 1");
        await SeedAsync(TestData.Of(Rows, "pets"));

        (await ReadAsync("SELECT entry FROM notes")).ShouldBe(["mine"]);
        (await ReadAsync("SELECT name FROM kinds ORDER BY id")).ShouldBe(["hound", "cat"]);
        (await ReadAsync("SELECT count(*) FROM pets")).ShouldBe(["10"]);
    }

    [Theory]
    [InlineData("CREATE TABLE log (id serial, entry text)")]
    [InlineData("CREATE TABLE log (id serial, entry text, year int DEFAULT 1) PARTITION BY LIST (year); CREATE TABLE log_1 PARTITION OF log FOR VALUES IN (1) PARTITION BY LIST (entry); CREATE TABLE log_1_1 PARTITION OF log_1 DEFAULT")]
    public async Task A_table_that_a_trigger_fills_is_the_same_every_time(string log)
    {
        const string trigger = "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log (entry) VALUES (TG_OP || coalesce(NEW.name, OLD.name)); RETURN NULL; END $$; CREATE TRIGGER noting AFTER INSERT OR DELETE ON pets FOR EACH ROW EXECUTE FUNCTION note()";
        await ResetAsync($"{Migrations}; {log}; {trigger}", Rows);
        var before = await ReadAsync("SELECT id, entry FROM log ORDER BY id");
        before.Count.ShouldBe(10);
        await SeedAsync(TestData.Of(Rows, "pets"));

        (await ReadAsync("SELECT id, entry FROM log ORDER BY id")).ShouldBe(before);
        Log.Of("clear")[^1].ShouldStartWith("2 tables, 20 rows");
        await RunAsync("INSERT INTO log (entry) VALUES ('mine')");
        await SeedAsync(TestData.Of(Rows, "pets"));
        (await ReadAsync("SELECT id, entry FROM log ORDER BY id")).ShouldBe(before);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ON DELETE CASCADE")]
    [InlineData("ON DELETE SET NULL")]
    public async Task A_table_that_refers_to_the_rows_must_be_in_the_set(string action)
    {
        await ResetAsync($"{Migrations}; CREATE TABLE visits (pet int REFERENCES pets {action})", $"{Rows}; INSERT INTO visits VALUES (1)");
        var error = await Should.ThrowAsync<DemoDataException>(() => SeedAsync(TestData.Of(Rows, "pets")));

        error.Fault.ShouldBe(DemoDataFault.BrokenDataSet);
        error.Message.ShouldContain("Add table visits to the data set");
        (await ReadAsync("SELECT pet FROM visits")).ShouldBe(["1"]);
        (await ReadAsync("SELECT count(*) FROM pets")).ShouldBe(["10"]);
    }

    [Fact]
    public async Task A_table_that_refers_to_none_of_the_rows_is_in_nobodys_way()
    {
        await ResetAsync($"{Migrations}; CREATE TABLE visits (pet int REFERENCES pets ON DELETE CASCADE)", Rows);
        await SeedAsync(TestData.Of(Rows, "pets"));

        (await ReadAsync("SELECT count(*) FROM pets")).ShouldBe(["10"]);
    }

    [Fact]
    public async Task A_rule_for_deletion_is_refused()
    {
        await ResetAsync($"{Migrations}; CREATE RULE keep AS ON DELETE TO pets DO INSTEAD NOTHING", Rows);
        var error = await Should.ThrowAsync<DemoDataException>(() => SeedAsync(TestData.Of(Rows, "pets")));

        error.Fault.ShouldBe(DemoDataFault.CannotReplace);
        error.Message.ShouldContain("rule for DELETE");
        (await ReadAsync("SELECT count(*) FROM pets")).ShouldBe(["10"]);
    }

    [Fact]
    public async Task Row_security_hides_no_row()
    {
        await ResetAsync($"{Migrations}; ALTER TABLE pets ENABLE ROW LEVEL SECURITY; ALTER TABLE pets FORCE ROW LEVEL SECURITY; CREATE POLICY none ON pets USING (false)", Rows);
        await SeedAsync(TestData.Of(Rows, "pets"));

        (await ReadAsync("SELECT count(*) FROM pets")).ShouldBe(["10"]);
    }
}
