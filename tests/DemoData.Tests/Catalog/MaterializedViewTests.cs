using Shouldly;
using Slipway.DemoData.Tests.Chain;
using Slipway.Testing;
using Xunit;

namespace Slipway.DemoData.Tests.Catalog;

/// <summary>Materialized views show the rows of the same run as the tables do.</summary>
public sealed class MaterializedViewTests : ChainScene
{
    private const string Tables =
        """
        CREATE TABLE pets (id int);
        CREATE MATERIALIZED VIEW a_last AS SELECT 0 AS total;
        DROP MATERIALIZED VIEW a_last;
        CREATE MATERIALIZED VIEW totals AS SELECT sum(id) AS total, 1 AS key FROM pets;
        CREATE VIEW between_them AS SELECT total + 1 AS total, key FROM totals;
        CREATE MATERIALIZED VIEW a_last AS SELECT total, key FROM between_them;
        """;

    private const string Keyed = $"{Tables} CREATE UNIQUE INDEX ON totals (key); CREATE UNIQUE INDEX ON a_last (key)";

    [Theory]
    [InlineData(Keyed, true)]
    [InlineData(Tables, false)]
    public async Task Are_as_new_as_their_tables(string migrations, bool inPlace)
    {
        for (var id = 1; id < 4; id++)
        {
            await ResetAsync(migrations, $"INSERT INTO pets VALUES ({id})");
            (await ReadAsync("SELECT totals.total, a_last.total FROM totals, a_last")).ShouldBe([$"{id}|{id + 1}"]);
        }

        FoundUnchanged.ShouldBe(inPlace, Log.Text);
        if (!inPlace)
        {
            Log.Of("migrate")[^1].ShouldContain("the schema is unchanged, but is replaced as a whole, since materialized view a_last has no unique index");
        }

        await SeedAsync(TestData.Of("INSERT INTO pets VALUES (9)", "pets"));
        (await ReadAsync("SELECT totals.total, a_last.total FROM totals, a_last")).ShouldBe(["9|10"]);
    }

    [Fact]
    public async Task One_that_people_have_filled_stays_filled()
    {
        const string empty = "CREATE TABLE pets (id int); CREATE MATERIALIZED VIEW totals AS SELECT sum(id) AS total FROM pets WITH NO DATA; CREATE UNIQUE INDEX ON totals (total)";
        await ResetAsync(empty, "INSERT INTO pets VALUES (1)");
        (await ReadAsync("SELECT relispopulated FROM pg_class WHERE relname = 'totals'")).ShouldBe(["False"]);
        await RunAsync("REFRESH MATERIALIZED VIEW totals");
        await ResetAsync($"{empty}; CREATE TABLE more (id int)", "INSERT INTO pets VALUES (2)");

        (await ReadAsync("SELECT total FROM totals")).ShouldBe(["2"]);
    }

    [Fact]
    public async Task Their_readers_go_on_when_they_are_refreshed_in_place()
    {
        await ResetAsync(Keyed, "INSERT INTO pets VALUES (1)");
        await using var reader = await OpenAsync();
        await using var transaction = await reader.BeginTransactionAsync();
        (await ReadAsync(reader, "SELECT total FROM totals")).ShouldBe(["1"]);
        await ResetAsync(Keyed, "INSERT INTO pets VALUES (2)");

        (await ReadAsync(reader, "SELECT total FROM totals")).ShouldBe(["2"]);
    }

    [Fact]
    public async Task A_seed_waits_for_the_readers_of_one_that_it_has_to_take_away()
    {
        await ResetAsync(Tables, "INSERT INTO pets VALUES (1)");
        await using var reader = await OpenAsync();
        await using var transaction = await reader.BeginTransactionAsync();
        (await ReadAsync(reader, "SELECT total FROM totals")).ShouldBe(["1"]);
        var running = SeedAsync(TestData.Of("INSERT INTO pets VALUES (2)", "pets"));
        await Eventually.See("it waits for the reader", () => Log.Of("...").Count > 0, () => Log.Text);
        Log.Of("...")[0].ShouldContain("'slipway-tests'");
        await transaction.CommitAsync();
        await running;

        (await ReadAsync("SELECT total FROM totals")).ShouldBe(["2"]);
    }
}
