using System.Data;
using Npgsql;
using Shouldly;
using Slipway.Testing;
using Xunit;

namespace Slipway.DemoData.Tests.Chain;

/// <summary>Readers while the schema is replaced: who holds tables is waited for, and keeps nobody else from reading meanwhile.</summary>
public sealed class SwapReaderTests : ChainScene
{
    private const string Old = "CREATE TABLE pets (id int, name text)";
    private const string New = "CREATE TABLE pets (id int, name text, age int)";
    private const string Rows = "INSERT INTO pets (id, name) SELECT n, 'a' FROM generate_series(1, 100) AS n";
    private const string Count = "SELECT count(*) FROM pets";
    private const int Polls = 50;

    [Theory]
    [InlineData(IsolationLevel.ReadCommitted)]
    [InlineData(IsolationLevel.RepeatableRead)]
    public async Task Others_go_on_while_one_holds_the_tables(IsolationLevel level)
    {
        await ResetAsync(Old, Rows);
        await using var holder = await OpenAsync();
        await using var transaction = await holder.BeginTransactionAsync(level);
        (await ReadAsync(holder, Count)).ShouldBe(["100"]);
        var running = ResetAsync(New, Rows);
        await Eventually.See("the reset waits", () => Log.Of("...").Count > 0, () => Log.Text);
        for (var poll = 0; poll < Polls; poll++)
        {
            (await ReadAsync(Count)).ShouldBe(["100"]);
        }

        running.IsCompleted.ShouldBeFalse();
        (await ReadAsync(holder, Count)).ShouldBe(["100"]);
        await transaction.CommitAsync();
        await running;

        (await ReadAsync("SELECT count(*), count(age) FROM pets")).ShouldBe(["100|0"]);
        Log.Of("...")[0].ShouldContain($"process {holder.ProcessID}");
        Log.Of("swap")[^1].ShouldContain("nobody waited for longer than");
    }

    [Fact]
    public async Task One_who_holds_them_for_too_long_keeps_them_and_the_next_run_tidies_up()
    {
        await ResetAsync(Old, Rows);
        Options = Options with { WaitForTables = TimeSpan.FromMilliseconds(1) };
        await using var holder = await OpenAsync();
        var transaction = await holder.BeginTransactionAsync();
        await ReadAsync(holder, Count);
        var error = await Should.ThrowAsync<DemoDataException>(() => ResetAsync(New, Rows));

        error.Fault.ShouldBe(DemoDataFault.TablesInUse);
        error.Message.ShouldContain($"process {holder.ProcessID} of 'slipway-tests'");
        (await ReadAsync(holder, Count)).ShouldBe(["100"]);
        (await ReadAsync("SELECT nspname FROM pg_namespace WHERE nspname ~ '^slipway_' ORDER BY 1")).ShouldBe(["slipway_demo", "slipway_scratch_2"]);
        await transaction.DisposeAsync();
        Options = Options with { WaitForTables = TimeSpan.FromMinutes(1) };
        await ResetAsync(New, Rows);

        Log.Of("tidy").Single().ShouldContain("slipway_scratch_2");
        (await ReadAsync("SELECT nspname FROM pg_namespace WHERE nspname ~ '^slipway_'")).ShouldBe(["slipway_demo"]);
        (await ReadAsync("SELECT count(*), count(age) FROM pets")).ShouldBe(["100|0"]);
    }

    [Fact]
    public async Task What_a_killed_run_has_left_and_somebody_looks_at_is_left_to_a_later_one()
    {
        await ResetAsync(Old, Rows);
        Options = Options with { WaitForTables = TimeSpan.FromMilliseconds(1) };
        await using var holder = await OpenAsync();
        await using (var transaction = await holder.BeginTransactionAsync())
        {
            await ReadAsync(holder, Count);
            await Should.ThrowAsync<DemoDataException>(() => ResetAsync(New, Rows));
        }

        await using (var transaction = await holder.BeginTransactionAsync())
        {
            await ReadAsync(holder, "SELECT count(*) FROM slipway_scratch_2.pets");
            await ResetAsync(Old, Rows);
            Log.Of("tidy").ShouldBeEmpty();
        }

        await ResetAsync(New, Rows);
        Log.Of("tidy").Single().ShouldContain("slipway_scratch_2");
    }

    [Fact]
    public async Task A_transaction_that_began_before_and_has_not_looked_yet_never_sees_empty_tables()
    {
        await ResetAsync(Old, Rows);
        await using var reader = await OpenAsync();
        var transaction = await reader.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        await ReadAsync(reader, "SELECT 1");
        var running = ResetAsync(New, Rows);
        await Eventually.See("the reset waits", () => Log.Of("...").Count > 0, () => Log.Text);

        Log.Of("...")[0].ShouldContain($"process {reader.ProcessID} of 'slipway-tests' (user slipway), which looks at the data of ");
        (await ReadAsync(reader, Count)).ShouldBe(["100"]);
        await transaction.DisposeAsync();
        await running;
    }

    [Fact]
    public async Task Nor_does_one_that_began_while_the_new_ones_were_filled()
    {
        await ResetAsync(Old, Rows);
        await using var reader = await OpenAsync();
        var transaction = await reader.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        var running = ResetAsync(New, new TestData(
            async connection =>
            {
                await RunAsync(connection, Rows);
                // Nobody else is at work: the reader's oldest unknown transaction is this very one.
                await ReadAsync(reader, "SELECT 1");
            },
            "pets"));
        await Eventually.See("the reset waits", () => Log.Of("...").Count > 0 || running.IsCompleted, () => Log.Text);

        (await ReadAsync(reader, Count)).ShouldBe(["100"]);
        await transaction.DisposeAsync();
        await running;
    }

    [Fact]
    public async Task A_prepared_plan_gets_one_error_at_most()
    {
        await ResetAsync(Old, Rows);
        await using var reader = await OpenAsync();
        await using var look = new NpgsqlCommand("SELECT * FROM pets", reader);
        await look.PrepareAsync();
        await look.ExecuteNonQueryAsync();
        await ResetAsync(New, Rows);
        try
        {
            await look.ExecuteNonQueryAsync();
        }
        catch (PostgresException error)
        {
            error.MessageText.ShouldBe("cached plan must not change result type");
        }

        await using var again = new NpgsqlCommand("SELECT * FROM pets", reader);
        await again.ExecuteNonQueryAsync();
    }

    [Fact]
    public async Task Readers_of_views_are_waited_for_too()
    {
        const string views = "CREATE VIEW plain AS SELECT * FROM pets; CREATE MATERIALIZED VIEW kept AS SELECT * FROM pets";
        await ResetAsync($"{Old}; {views}", Rows);
        await using var holder = await OpenAsync();
        var transaction = await holder.BeginTransactionAsync();
        (await ReadAsync(holder, "SELECT count(*) FROM kept")).ShouldBe(["100"]);
        var running = ResetAsync($"{New}; {views}", Rows);
        await Eventually.See("the reset waits", () => Log.Of("...").Count > 0, () => Log.Text);
        (await ReadAsync("SELECT count(*) FROM plain")).ShouldBe(["100"]);
        await transaction.DisposeAsync();
        await running;

        Log.Of("...")[0].ShouldContain($"process {holder.ProcessID}");
        (await ReadAsync("SELECT count(*), count(age) FROM kept")).ShouldBe(["100|0"]);
    }
}
