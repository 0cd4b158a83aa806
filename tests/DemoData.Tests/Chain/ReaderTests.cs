using System.Collections.Concurrent;
using System.Data;
using Npgsql;
using Shouldly;
using Slipway.Testing;
using Xunit;

namespace Slipway.DemoData.Tests.Chain;

/// <summary>Whoever reads while rows are replaced sees a whole data set, of one generation, without waiting.</summary>
public sealed class ReaderTests : ChainScene
{
    private const string Migrations = "CREATE TABLE kinds (id int PRIMARY KEY); CREATE TABLE pets (id serial PRIMARY KEY, generation int, kind int REFERENCES kinds); INSERT INTO kinds VALUES (1), (2)";

    /// <summary>Rows, generations, and rows whose kind is not there.</summary>
    private const string Look = "SELECT count(*) || ' ' || count(DISTINCT generation) || ' ' || count(*) FILTER (WHERE kinds.id IS NULL) FROM pets LEFT JOIN kinds ON kinds.id = kind";

    private const string Whole = "500 1 0";
    private const int Generations = 4;

    [Fact]
    public async Task Who_polls_sees_a_whole_data_set_every_time_and_never_waits()
    {
        await ResetAsync(Migrations, Generation(0));
        var (seen, stop) = (new ConcurrentQueue<string>(), new Gate());
        await using var prepared = await OpenAsync();
        var polling = Task.WhenAll(PollAsync(seen, stop), PollPreparedAsync(prepared, seen, stop), WatchAsync(seen, stop));
        for (var number = 1; number <= Generations; number++)
        {
            await ResetAsync(Migrations, Slowly(number, seen));
            FoundUnchanged.ShouldBeTrue(Log.Text);
        }

        stop.Open();
        await polling;
        seen.Distinct().ShouldBe([Whole]);
        (await ReadAsync("SELECT DISTINCT generation FROM pets")).ShouldBe([$"{Generations}"]);
    }

    [Theory]
    [InlineData(IsolationLevel.RepeatableRead)]
    [InlineData(IsolationLevel.Serializable)]
    public async Task A_transaction_sees_what_it_saw_at_first_through_all_of_them(IsolationLevel level)
    {
        await ResetAsync(Migrations, Generation(0));
        await using var reader = await OpenAsync();
        await using var transaction = await reader.BeginTransactionAsync(level);
        await RunAsync(reader, "SET TRANSACTION READ ONLY");
        var at = await ReadAsync(reader, "SELECT generation FROM pets LIMIT 1");
        at.ShouldBe(["0"]);
        for (var number = 1; number <= Generations; number++)
        {
            await ResetAsync(Migrations, Generation(number));
            (await ReadAsync(reader, "SELECT DISTINCT generation FROM pets")).ShouldBe(at);
            (await ReadAsync(reader, Look)).ShouldBe([Whole]);
        }

        await transaction.CommitAsync();
        (await ReadAsync(reader, "SELECT DISTINCT generation FROM pets")).ShouldBe([$"{Generations}"]);
    }

    [Fact]
    public async Task One_that_has_begun_and_not_looked_yet_sees_a_whole_data_set()
    {
        await ResetAsync(Migrations, Generation(0));
        await using var reader = await OpenAsync();
        await using var transaction = await reader.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        await ReadAsync(reader, "SELECT 1");
        await ResetAsync(Migrations, Generation(1));

        (await ReadAsync(reader, Look)).ShouldBe([Whole]);
    }

    private static TestData Generation(int number) => TestData.Of(Filling(number), "pets");

    /// <summary>Goes on only when everybody has looked a few times at the half-filled tables.</summary>
    private static TestData Slowly(int number, ConcurrentQueue<string> seen) => new(
        async connection =>
        {
            await RunAsync(connection, Filling(number));
            var before = seen.Count;
            await Eventually.See("they look", () => seen.Count > before + 10);
        },
        "pets");

    private static string Filling(int number) => $"INSERT INTO pets (generation, kind) SELECT {number}, 1 + n % 2 FROM generate_series(1, 500) AS n";

    private async Task PollAsync(ConcurrentQueue<string> seen, Gate stop)
    {
        while (!stop.Opened.IsCompleted)
        {
            seen.Enqueue((await ReadAsync(Look)).Single());
        }
    }

    private static async Task PollPreparedAsync(NpgsqlConnection connection, ConcurrentQueue<string> seen, Gate stop)
    {
        await using var look = new NpgsqlCommand(Look, connection);
        await look.PrepareAsync();
        while (!stop.Opened.IsCompleted)
        {
            seen.Enqueue((string)(await look.ExecuteScalarAsync())!);
        }
    }

    /// <summary>Nobody of the test's own sessions ever waits for a lock.</summary>
    private async Task WatchAsync(ConcurrentQueue<string> seen, Gate stop)
    {
        await using var connection = await OpenAsync();
        while (!stop.Opened.IsCompleted)
        {
            foreach (var waiting in await ReadAsync(
                connection, "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%generation%FILTER%'"))
            {
                seen.Enqueue($"waited: {waiting}");
            }
        }
    }
}
