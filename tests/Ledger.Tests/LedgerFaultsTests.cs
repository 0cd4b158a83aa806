using Npgsql;
using Shouldly;
using Slipway.Testing;
using Xunit;

namespace Slipway.Ledger.Tests;

public sealed class LedgerFaultsTests
{
    [Fact]
    public async Task A_database_that_is_down_is_unavailable()
    {
        using var port = new ReservedPort();
        await using var dataSource = LedgerDataSource.Create($"postgres://slipway:hush@127.0.0.1:{port.Number}/slipway");

        foreach (var call in new Func<Task>[]
        {
            () => Scene.LedgerOf(dataSource, TimeProvider.System).PingAsync(default),
            () => Scene.LedgerOf(dataSource, TimeProvider.System).FindReleaseAsync(Guid.NewGuid(), default),
            () => new Migrator(dataSource, TimeProvider.System).MigrateAsync(default),
        })
        {
            var error = await Should.ThrowAsync<NpgsqlException>(call);
            LedgerFaults.IsUnavailable(error).ShouldBeTrue();
            LedgerFaults.IsUnavailable(new InvalidOperationException("while reconciling", error)).ShouldBeTrue();
            error.ToString().ShouldNotContain("hush");
        }
    }

    [Fact]
    public async Task A_session_that_is_ended_by_the_server_is_unavailable_and_the_next_one_works()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        await using var dataSource = LedgerDataSource.Create($"{database.ConnectionString};Timeout=60");
        await using var connection = await dataSource.OpenConnectionAsync();

        var error = await Should.ThrowAsync<NpgsqlException>(
            () => new NpgsqlCommand("SELECT pg_terminate_backend(pg_backend_pid())", connection).RunAsync(default));

        LedgerFaults.IsUnavailable(error).ShouldBeTrue();
        await Scene.LedgerOf(dataSource, TimeProvider.System).PingAsync(default);
    }

    [Theory]
    [InlineData(PostgresErrorCodes.CannotConnectNow, true)]
    [InlineData(PostgresErrorCodes.TooManyConnections, true)]
    [InlineData(PostgresErrorCodes.LockNotAvailable, true)]
    [InlineData(PostgresErrorCodes.SerializationFailure, true)]
    [InlineData(PostgresErrorCodes.DeadlockDetected, true)]
    [InlineData(PostgresErrorCodes.ReadOnlySqlTransaction, true)]
    [InlineData("25P03", true)]
    [InlineData(PostgresErrorCodes.UniqueViolation, false)]
    [InlineData(PostgresErrorCodes.CheckViolation, false)]
    [InlineData(PostgresErrorCodes.UndefinedTable, false)]
    [InlineData(PostgresErrorCodes.InvalidPassword, false)]
    [InlineData(PostgresErrorCodes.InvalidCatalogName, false)]
    [InlineData(SqlStates.IllegalTransition, false)]
    public void Tells_an_outage_from_a_mistake(string sqlState, bool unavailable)
    {
        var error = new PostgresException("", "ERROR", "ERROR", sqlState);
        LedgerFaults.IsUnavailable(error).ShouldBe(unavailable);
        LedgerFaults.IsUnavailable(new AggregateException(new InvalidOperationException(), error)).ShouldBe(unavailable);
    }

    [Fact]
    public void A_bug_is_no_outage()
    {
        LedgerFaults.IsUnavailable(new InvalidOperationException()).ShouldBeFalse();
        LedgerFaults.IsUnavailable(new ReleaseNotFoundException(Guid.NewGuid())).ShouldBeFalse();
        LedgerFaults.IsUnavailable(new OperationCanceledException()).ShouldBeFalse();
    }
}
