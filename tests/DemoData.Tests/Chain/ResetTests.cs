using Shouldly;
using Xunit;

namespace Slipway.DemoData.Tests.Chain;

/// <summary>What is in a database after a reset, whatever was in it before.</summary>
public sealed class ResetTests : ChainScene
{
    private const string Migrations =
        """
        CREATE TYPE mood AS ENUM ('glad', 'sad');
        CREATE DOMAIN weight AS int CHECK (VALUE > 0);
        CREATE TYPE place AS (street text, floor int);
        CREATE TABLE kinds (id serial PRIMARY KEY, name text NOT NULL, usual mood NOT NULL, all_moods mood[], least weight, home place, doubled int GENERATED ALWAYS AS (id * 2) STORED);
        CREATE TABLE pets (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind int NOT NULL REFERENCES kinds, name text NOT NULL);
        CREATE TABLE log (entry text);
        CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.log VALUES (NEW.name); RETURN NEW; END $$;
        CREATE TRIGGER noting AFTER INSERT ON kinds FOR EACH ROW EXECUTE FUNCTION note();
        CREATE TRIGGER noting AFTER INSERT OR DELETE ON pets FOR EACH ROW EXECUTE FUNCTION note();
        ALTER TABLE pets ENABLE ALWAYS TRIGGER noting;
        INSERT INTO kinds (name, usual, all_moods, least, home) VALUES ('dog', 'glad', '{glad,sad}', 5, ('A, "B"', 1)), ('cat', 'sad', NULL, NULL, NULL);
        """;

    private const string Rows = "INSERT INTO pets (kind, name) SELECT 1 + number % 2, 'pet ' || number FROM generate_series(1, 10) AS number";

    /// <summary>Everything, with the positions of the sequences left out.</summary>
    private const string Everything =
        "SELECT kinds::text FROM kinds UNION ALL SELECT pets::text FROM pets UNION ALL SELECT log::text FROM log ORDER BY 1";

    [Fact]
    public async Task The_rows_of_migrations_and_data_set_are_there_once_however_they_came()
    {
        await ResetAsync(Migrations, Rows);
        var first = await ReadAsync(Everything);
        first.Count.ShouldBe(2 + 10 + 12);

        await ResetAsync(Migrations, Rows);
        FoundUnchanged.ShouldBeTrue(Log.Text);
        (await ReadAsync(Everything)).ShouldBe(first);

        await ResetAsync(Migrations + "CREATE INDEX ON pets (name)", Rows);
        FoundUnchanged.ShouldBeFalse();
        (await ReadAsync(Everything)).ShouldBe(first);
    }

    [Fact]
    public async Task What_people_have_done_to_the_rows_is_undone()
    {
        await ResetAsync(Migrations, Rows);
        var first = await ReadAsync(Everything);
        await RunAsync("DELETE FROM pets WHERE id > 3; UPDATE kinds SET name = 'parrot'; INSERT INTO kinds (name, usual) VALUES ('fish', 'sad'); INSERT INTO pets (kind, name) VALUES (3, 'Wanda')");

        await ResetAsync(Migrations, Rows);

        FoundUnchanged.ShouldBeTrue(Log.Text);
        (await ReadAsync(Everything)).ShouldBe(first);
        (await ReadAsync("SELECT DISTINCT tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1")).ShouldBe(["A", "O"]);
    }

    [Fact]
    public async Task Rows_of_an_older_data_set_are_gone()
    {
        await ResetAsync(Migrations, $"{Rows}; INSERT INTO kinds (name, usual) VALUES ('fish', 'sad')");
        await ResetAsync(Migrations, "INSERT INTO pets (kind, name) VALUES (1, 'Rex')");

        (await ReadAsync("SELECT name FROM pets")).ShouldBe(["Rex"]);
        (await ReadAsync("SELECT name FROM kinds ORDER BY id")).ShouldBe(["dog", "cat"]);
    }

    [Fact]
    public async Task Tables_in_a_circle_are_replaced()
    {
        const string circle =
            """
            CREATE TABLE teams (id int PRIMARY KEY, captain int NOT NULL); CREATE TABLE players (id int PRIMARY KEY, team int NOT NULL REFERENCES teams, mate int REFERENCES players);
            ALTER TABLE teams ADD FOREIGN KEY (captain) REFERENCES players DEFERRABLE INITIALLY DEFERRED;
            INSERT INTO teams VALUES (1, 1); INSERT INTO players VALUES (1, 1, 1);
            """;
        await ResetAsync(circle, "INSERT INTO players VALUES (2, 1, 1)");
        await ResetAsync(circle, "INSERT INTO players VALUES (2, 1, 1)");

        FoundUnchanged.ShouldBeTrue(Log.Text);
        (await ReadAsync("SELECT players.id || ' ' || captain FROM players JOIN teams ON team = teams.id ORDER BY 1")).ShouldBe(["1 1", "2 1"]);
    }

    [Fact]
    public async Task A_constraint_that_waits_for_the_commit_is_checked_before_it()
    {
        const string deferred = "CREATE TABLE a (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED)";
        await ResetAsync(deferred, "INSERT INTO a VALUES (1)");

        foreach (var migrations in new[] { deferred, $"{deferred}; CREATE TABLE b ()" })
        {
            var error = await Should.ThrowAsync<DemoDataException>(() => ResetAsync(migrations, "INSERT INTO a VALUES (1), (1)"));
            error.Fault.ShouldBe(DemoDataFault.BrokenDataSet);
            error.Message.ShouldContain("a_pkey");
        }

        (await ReadAsync("SELECT id FROM a")).ShouldBe(["1"]);
    }

    [Fact]
    public async Task Partitions_and_heirs_are_replaced_with_their_rows()
    {
        const string migrations =
            """
            CREATE TABLE visits (id int, year int) PARTITION BY LIST (year);
            CREATE TABLE visits_1 PARTITION OF visits FOR VALUES IN (1) PARTITION BY LIST (id);
            CREATE TABLE visits_1_1 PARTITION OF visits_1 DEFAULT;
            CREATE TABLE visits_2 PARTITION OF visits FOR VALUES IN (2);
            CREATE TABLE animals (id int); CREATE TABLE dogs (bark text) INHERITS (animals);
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'never'; END $$;
            CREATE TRIGGER keep BEFORE DELETE ON visits_2 FOR EACH ROW EXECUTE FUNCTION refuse();
            INSERT INTO visits VALUES (1, 1), (2, 2); INSERT INTO animals VALUES (1); INSERT INTO dogs VALUES (2, 'woof')
            """;
        await ResetAsync(migrations);
        await RunAsync("INSERT INTO visits VALUES (3, 1), (3, 2); INSERT INTO dogs VALUES (3)");
        await ResetAsync(migrations);

        FoundUnchanged.ShouldBeTrue(Log.Text);
        (await ReadAsync("SELECT id FROM visits ORDER BY 1")).ShouldBe(["1", "2"]);
        (await ReadAsync("SELECT tableoid::regclass::text FROM animals ORDER BY 1")).ShouldBe(["animals", "dogs"]);
        (await ReadAsync("SELECT tgenabled::text FROM pg_trigger WHERE tgname = 'keep'")).ShouldBe(["O"]);
    }

    [Fact]
    public async Task A_data_set_that_takes_tables_away_from_their_readers_is_refused()
    {
        await ResetAsync(Migrations, Rows);
        var error = await Should.ThrowAsync<DemoDataException>(() => ResetAsync(Migrations, $"TRUNCATE pets; {Rows}"));

        error.Fault.ShouldBe(DemoDataFault.BrokenDataSet);
        error.Message.ShouldContain("keeps everybody from reading table pets");
        (await ReadAsync("SELECT count(*) FROM pets")).ShouldBe(["10"]);
    }

    [Fact]
    public async Task A_table_with_rules_is_swapped_in()
    {
        const string migrations = "CREATE TABLE a (id int); CREATE TABLE b (id int); CREATE RULE twice AS ON INSERT TO a DO ALSO INSERT INTO b VALUES (NEW.id); CREATE RULE keep AS ON DELETE TO b DO INSTEAD NOTHING";
        await ResetAsync(migrations, "INSERT INTO a VALUES (1)");
        await ResetAsync(migrations, "INSERT INTO a VALUES (2)");

        Log.Of("migrate")[^1].ShouldContain("table a has rule twice");
        (await ReadAsync("SELECT a.id || ' ' || b.id FROM a, b")).ShouldBe(["2 2"]);
    }
}
