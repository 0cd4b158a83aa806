using Npgsql;
using Shouldly;
using Slipway.Testing;
using Xunit;

namespace Slipway.DemoData.Tests.Chain;

/// <summary>The data set has the same numbers every time, and what an application has drawn is never given out again.</summary>
public sealed class SequenceTests : ChainScene
{
    private const string Migrations = "CREATE TABLE pets (id serial PRIMARY KEY, name text); CREATE SEQUENCE orders; CREATE TABLE bills (number int DEFAULT nextval('orders')); INSERT INTO pets (name) VALUES ('first')";
    private const string Changed = $"{Migrations}; CREATE TABLE more (id int)";
    private const string Rows = "INSERT INTO pets (name) VALUES ('a'), ('b'); INSERT INTO bills DEFAULT VALUES";
    private const string Ids = "SELECT string_agg(id::text, ' ' ORDER BY id) || ' ' || (SELECT string_agg(number::text, ' ') FROM bills) FROM pets";

    [Theory]
    [InlineData(Migrations)]
    [InlineData(Changed)]
    public async Task No_number_is_given_out_twice(string second)
    {
        await ResetAsync(Migrations, Rows);
        (await ReadAsync(Ids)).ShouldBe(["1 2 3 1"]);
        for (var drawn = 0; drawn < 40; drawn++)
        {
            await RunAsync("SELECT nextval('pets_id_seq'), nextval('orders')");
        }

        await ResetAsync(second, Rows);

        (await ReadAsync(Ids)).ShouldBe(["1 2 3 1"]);
        (await ReadAsync("SELECT nextval('pets_id_seq'), nextval('orders')")).ShouldBe(["44|42"]);
    }

    [Theory]
    [InlineData(Migrations)]
    [InlineData(Changed)]
    public async Task A_run_that_fails_leaves_them_as_they_were(string second)
    {
        await ResetAsync(Migrations, Rows);
        await RunAsync("SELECT nextval('pets_id_seq'), nextval('orders')");
        await Should.ThrowAsync<DemoDataException>(() => ResetAsync(second, $"{Rows}; SELECT setval('pets_id_seq', 1), setval('orders', 1); SELECT nonsense"));
        await Should.ThrowAsync<DemoDataException>(() => SeedAsync(TestData.Of($"{Rows}; SELECT setval('pets_id_seq', 1), setval('orders', 1); SELECT nonsense", "pets", "bills")));

        (await ReadAsync(Ids)).ShouldBe(["1 2 3 1"]);
        (await ReadAsync("SELECT nextval('pets_id_seq'), nextval('orders')")).ShouldBe(["5|3"]);
    }

    [Fact]
    public async Task Also_a_seed_has_the_same_numbers_and_goes_on_behind_those_that_were_drawn()
    {
        await ResetAsync(Migrations, Rows);
        await RunAsync("SELECT nextval('pets_id_seq'), nextval('orders')");
        await SeedAsync(TestData.Of(Rows, "pets", "bills"));
        (await ReadAsync(Ids)).ShouldBe(["1 2 1"]);
        await SeedAsync(TestData.Of(Rows, "pets", "bills"));

        (await ReadAsync(Ids)).ShouldBe(["1 2 1"]);
        (await ReadAsync("SELECT nextval('pets_id_seq'), nextval('orders')")).ShouldBe(["5|3"]);
    }

    [Theory]
    [InlineData(Migrations)]
    [InlineData(Changed)]
    public async Task Numbers_that_are_drawn_meanwhile_without_touching_a_table_are_not_given_out_again(string second)
    {
        await ResetAsync(Migrations, Rows);
        var drawn = new List<string>();
        var (begun, stop) = (new Gate(), new Gate());
        var drawing = DrawAsync(drawn, begun, stop);
        await begun.Opened;
        for (var run = 0; run < 3; run++)
        {
            await ResetAsync(second, Rows);
        }

        stop.Open();
        await drawing;
        drawn.Count.ShouldBe(drawn.Distinct().Count());
        drawn.Add((await ReadAsync("SELECT nextval('orders')")).Single());
        drawn.Count.ShouldBe(drawn.Distinct().Count());
    }

    [Fact]
    public async Task Somebody_who_keeps_a_number_in_an_open_transaction_is_waited_for()
    {
        await ResetAsync(Migrations, Rows);
        await using var other = await OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        (await ReadAsync(other, "SELECT nextval('orders')")).ShouldBe(["2"]);
        var running = ResetAsync(Migrations, Rows);
        await Eventually.See("it waits", () => Log.Of("...").Count > 0, () => Log.Text);
        (await ReadAsync(other, "SELECT nextval('orders')")).ShouldBe(["3"]);
        await transaction.CommitAsync();
        await running;

        (await ReadAsync("SELECT nextval('orders')")).ShouldBe(["4"]);
    }

    [Fact]
    public async Task A_sequence_that_cannot_go_so_far_any_more_begins_anew()
    {
        await ResetAsync("CREATE SEQUENCE s");
        await RunAsync("SELECT setval('s', 100000)");
        await ResetAsync("CREATE SEQUENCE s AS smallint");

        (await ReadAsync("SELECT nextval('s')")).ShouldBe(["1"]);
    }

    private async Task DrawAsync(List<string> drawn, Gate begun, Gate stop)
    {
        while (!stop.Opened.IsCompleted)
        {
            try
            {
                drawn.AddRange(await ReadAsync("SELECT nextval('orders')"));
            }
            catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InternalError)
            {
                // The sequence was replaced by another while this one waited for it.
            }

            begun.Open();
        }
    }
}
