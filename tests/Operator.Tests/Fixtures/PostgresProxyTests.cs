using System.Collections.Concurrent;
using System.Text;
using Npgsql;
using Shouldly;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing;
using Slipway.Testing.Proxies;
using Xunit;

namespace Slipway.Operator.Tests.Fixtures;

/// <summary>What the crash tests rely on, checked with the real protocol.</summary>
public sealed class PostgresProxyTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _committed = new();
    private PostgresDatabase _database = null!;
    private PostgresProxy _proxy = null!;
    private NpgsqlDataSource _client = null!;

    [Fact]
    public async Task A_transaction_that_wrote_is_told_once_with_what_it_did()
    {
        await using var connection = await _client.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await RunAsync(connection, "INSERT INTO kept VALUES (1), (2)");
        await RunAsync(connection, "UPDATE kept SET number = 3 WHERE number = 2");
        await RunAsync(connection, "DELETE FROM kept WHERE number = 99");
        _committed.ShouldBeEmpty();

        await transaction.CommitAsync();

        _committed.ShouldBe(["INSERT+UPDATE"]);
        _proxy.Tally.ShouldBe(new PostgresTally(Commits: 1, Statements: 3, Rows: 3));
    }

    [Fact]
    public async Task A_statement_of_its_own_is_told_and_so_is_each_of_a_batch()
    {
        await using var connection = await _client.OpenConnectionAsync();
        await RunAsync(connection, "INSERT INTO kept VALUES (1)");
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new NpgsqlBatchCommand("INSERT INTO kept VALUES (2)"), new NpgsqlBatchCommand("UPDATE kept SET number = number + 5") },
        };

        await batch.ExecuteNonQueryAsync();

        _committed.ShouldBe(["INSERT", "INSERT+UPDATE"]);
    }

    [Fact]
    public async Task What_is_read_rolled_back_or_refused_is_not_told()
    {
        await using var connection = await _client.OpenConnectionAsync();
        await RunAsync(connection, "SELECT * FROM kept");
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await RunAsync(connection, "INSERT INTO kept VALUES (1)");
            await transaction.RollbackAsync();
        }

        await Should.ThrowAsync<PostgresException>(() => RunAsync(connection, "INSERT INTO kept VALUES (1), (1)"));
        await using (await connection.BeginTransactionAsync())
        {
            await RunAsync(connection, "INSERT INTO kept VALUES (2)");
            await Should.ThrowAsync<PostgresException>(() => RunAsync(connection, "INSERT INTO kept VALUES (2)"));
        }

        _committed.ShouldBeEmpty();
        (await CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_commit_whose_answer_is_kept_back_has_happened_and_the_client_does_not_know()
    {
        var seen = new TaskCompletionSource();
        _proxy.Committed = _ =>
        {
            _proxy.Freeze();
            seen.SetResult();
            return Task.FromResult(false);
        };
        await using var connection = await _client.OpenConnectionAsync();

        var insert = RunAsync(connection, "INSERT INTO kept VALUES (1)");
        await seen.Task.WaitAsync(Eventually.Patience);

        (await CountAsync()).ShouldBe(1);
        insert.IsCompleted.ShouldBeFalse();
        await _proxy.DisposeAsync();
        await Should.ThrowAsync<NpgsqlException>(() => insert);
    }

    [Fact]
    public async Task Frozen_nothing_reaches_the_server_any_more_and_thawed_new_connections_do()
    {
        await using var connection = await _client.OpenConnectionAsync();
        await RunAsync(connection, "INSERT INTO kept VALUES (1)");
        _proxy.Freeze();
        var lost = RunAsync(connection, "INSERT INTO kept VALUES (2)");
        (await Task.WhenAny(lost, CountAsync())).ShouldNotBe(lost);

        _proxy.Thaw();
        await using var fresh = await _client.OpenConnectionAsync();
        await RunAsync(fresh, "INSERT INTO kept VALUES (3)");

        (await CountAsync()).ShouldBe(2);
        await _proxy.DisposeAsync();
        await Should.ThrowAsync<NpgsqlException>(() => lost);
    }

    [Fact]
    public async Task What_a_client_asks_is_told_before_the_server_hears_of_it_and_may_be_kept_from_it()
    {
        var (asked, gate) = (new ConcurrentQueue<string>(), new Gate());
        await using var connection = await _client.OpenConnectionAsync();
        _proxy.Asked = async request =>
        {
            asked.Enqueue(request.Text);
            await (request.Text.StartsWith("INSERT", StringComparison.Ordinal) ? gate.Opened : Task.CompletedTask);
            return true;
        };
        await using var transaction = await connection.BeginTransactionAsync();
        var insert = RunAsync(connection, "INSERT INTO kept VALUES (1)");
        await Eventually.See("the request", () => asked.Count == 2);
        insert.IsCompleted.ShouldBeFalse();

        gate.Open();
        await insert;
        await transaction.CommitAsync();
        using (var rows = await connection.BeginTextImportAsync("COPY kept FROM STDIN"))
        {
            await rows.WriteAsync("2\n");
        }

        asked.Distinct().ShouldBe(
        [
            "BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED", "INSERT INTO kept VALUES (1)", "COMMIT",
            "COPY kept FROM STDIN", PostgresRequest.CopyData, PostgresRequest.CopyEnd,
        ]);
        (await CountAsync()).ShouldBe(2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Requests_are_the_same_however_the_network_cuts_them(int piece)
    {
        byte[] stream = [1, 2, 3, .. Message('Q', "BEGIN\0"), .. Message('P', "\0SELECT 1\0"), .. Message('B', "\0\0"), .. Message('S', ""), .. Message('X', "")];
        var reader = new PostgresRequests(opening: 3);

        var requests = stream.Chunk(piece).SelectMany(part => reader.Take(part)).ToList();

        requests.SelectMany(request => request.Bytes).ShouldBe(stream);
        requests.Select(request => request.Text).ShouldBe(["", "BEGIN", "SELECT 1", PostgresRequest.End]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Answers_are_the_same_however_the_network_cuts_them(int piece)
    {
        byte[] stream =
        [
            .. Message('R', "\0\0\0\0"), .. Message('Z', "I"), .. Message('C', "BEGIN\0"), .. Message('C', "INSERT 0 2\0"), .. Message('Z', "T"),
            .. Message('C', "COMMIT\0"), .. Message('Z', "I"), .. Message('C', "UPDATE 1\0"), .. Message('Z', "I"),
        ];
        var reader = new PostgresAnswers();

        var answers = stream.Chunk(piece).SelectMany(part => reader.Take(part)).ToList();

        answers.SelectMany(answer => answer.Bytes).ShouldBe(stream);
        answers.Select(answer => string.Join(',', answer.Commits)).ShouldBe(["", "", "", "INSERT", "UPDATE"]);
        reader.Tally.ShouldBe(new PostgresTally(Commits: 1, Statements: 2, Rows: 3));
    }

    public async Task InitializeAsync()
    {
        _database = await PostgresDatabase.CreateAsync();
        _proxy = new LedgerDatabase(_database).NewProxy();
        _client = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Host = "127.0.0.1", Port = _proxy.Port });
        await using var direct = await new LedgerDatabase(_database).OpenAsync();
        await RunAsync(direct, "CREATE TABLE kept (number integer PRIMARY KEY)");
        _proxy.Committed = commands =>
        {
            _committed.Enqueue(commands);
            return Task.FromResult(true);
        };
    }

    public async Task DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _client.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static byte[] Message(char type, string body) =>
        [(byte)type, 0, 0, 0, (byte)(body.Length + 4), .. Encoding.ASCII.GetBytes(body)];

    private async Task<long> CountAsync()
    {
        await using var direct = await new LedgerDatabase(_database).OpenAsync();
        await using var command = new NpgsqlCommand("SELECT count(*) FROM kept", direct);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
