using Shouldly;
using Slipway.Testing;
using Xunit;

namespace Slipway.DemoData.Tests.Chain;

/// <summary>Whoever writes waits for the end, and is waited for.</summary>
public sealed class WriterTests : ChainScene
{
    private const string Migrations = "CREATE TABLE kinds (id int PRIMARY KEY); CREATE TABLE pets (id serial PRIMARY KEY, kind int REFERENCES kinds, name text); INSERT INTO kinds VALUES (1)";
    private const string Rows = "INSERT INTO pets (kind, name) SELECT 1, 'new' FROM generate_series(1, 10)";

    [Theory]
    [InlineData("UPDATE pets SET name = 'written' RETURNING name", 10, 10)]
    [InlineData("INSERT INTO pets (kind, name) VALUES (1, 'written') RETURNING name", 1, 11)]
    [InlineData("SELECT name FROM pets FOR UPDATE", 10, 10)]
    [InlineData("DELETE FROM pets RETURNING name", 10, 0)]
    public async Task Who_writes_waits_and_then_goes_on_with_the_new_rows(string statement, int touched, int rows)
    {
        await ResetAsync(Migrations, Rows);
        var (filled, goOn) = (new Gate(), new Gate());
        var running = ResetAsync(Migrations, new TestData(
            async connection =>
            {
                await RunAsync(connection, Rows);
                filled.Open();
                await goOn.Opened;
            },
            "pets"));
        await filled.Opened;
        await using var writer = await OpenAsync();
        var writing = ReadAsync(writer, statement);
        await Eventually.See("the writer waits", () => ReadAsync($"SELECT wait_event_type FROM pg_stat_activity WHERE pid = {writer.ProcessID}"), seen => seen.Contains("Lock"));
        goOn.Open();
        await running;

        (await writing).Count.ShouldBe(touched);
        (await ReadAsync("SELECT count(*) FROM pets")).ShouldBe([$"{rows}"]);
    }

    [Fact]
    public async Task Who_holds_rows_is_waited_for_and_named()
    {
        await ResetAsync(Migrations, Rows);
        await using var writer = await OpenAsync();
        await using var transaction = await writer.BeginTransactionAsync();
        await RunAsync(writer, "UPDATE pets SET name = 'written' WHERE id = 1");
        var running = ResetAsync(Migrations, Rows);
        await Eventually.See("the reset waits", () => Log.Of("...").Count > 0, () => Log.Text);
        await RunAsync(writer, "UPDATE kinds SET id = 1");
        await transaction.CommitAsync();
        await running;

        Log.Of("...").Single().ShouldStartWith($"waiting for the tables, which are in use by process {writer.ProcessID} of 'slipway-tests' (user slipway");
        (await ReadAsync("SELECT DISTINCT name FROM pets")).ShouldBe(["new"]);
    }

    [Fact]
    public async Task Who_holds_them_for_too_long_keeps_them()
    {
        await ResetAsync(Migrations, Rows);
        var before = await ReadAsync("SELECT * FROM pets ORDER BY id");
        Options = Options with { WaitForTables = TimeSpan.FromMilliseconds(1) };
        await using var writer = await OpenAsync();
        await using var transaction = await writer.BeginTransactionAsync();
        await RunAsync(writer, "SELECT FROM pets FOR UPDATE");
        var error = await Should.ThrowAsync<DemoDataException>(() => ResetAsync(Migrations, Rows));

        error.Fault.ShouldBe(DemoDataFault.TablesInUse);
        error.Message.ShouldContain($"process {writer.ProcessID} of 'slipway-tests'");
        error.Message.ShouldContain("--wait-for-tables");
        (await ReadAsync("SELECT * FROM pets ORDER BY id")).ShouldBe(before);
        await transaction.CommitAsync();
        await RunAsync("UPDATE pets SET name = 'as before'");
    }

    [Fact]
    public async Task Writers_in_every_order_get_no_error()
    {
        await ResetAsync(Migrations, Rows);
        var writing = Task.WhenAll(
            WriteAsync("UPDATE pets SET name = 'written'", "INSERT INTO kinds VALUES (2) ON CONFLICT DO NOTHING"),
            WriteAsync("SELECT nextval('pets_id_seq')", "INSERT INTO kinds VALUES (3) ON CONFLICT DO NOTHING", "UPDATE pets SET name = 'written'"));
        await Task.WhenAll(writing, ResetAsync(Migrations, Rows));
        await ResetAsync(Migrations, Rows);

        (await ReadAsync("SELECT DISTINCT name FROM pets")).ShouldBe(["new"]);
    }

    private async Task WriteAsync(params IReadOnlyList<string> statements)
    {
        await using var connection = await OpenAsync();
        for (var round = 0; round < 50; round++)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            foreach (var statement in statements)
            {
                await RunAsync(connection, statement);
            }

            await transaction.CommitAsync();
        }
    }
}
