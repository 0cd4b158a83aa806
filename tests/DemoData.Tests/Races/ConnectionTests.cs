using Npgsql;
using Shouldly;
using Slipway.DemoData.Locking;
using Xunit;

namespace Slipway.DemoData.Tests.Races;

/// <summary>A lock lasts as long as its connection: the server must notice when there is nobody at the other end any more.</summary>
public sealed class ConnectionTests
{
    [Theory]
    [InlineData("tcp_keepalives_idle", "7000", "30")]
    [InlineData("tcp_keepalives_interval", "7000", "10")]
    [InlineData("tcp_keepalives_count", "70", "3")]
    [InlineData("statement_timeout", "'70s'", "0")]
    [InlineData("idle_session_timeout", "'70s'", "0")]
    [InlineData("idle_in_transaction_session_timeout", "'70s'", "0")]
    public async Task A_session_has_its_own_limits_whatever_the_database_prescribes(string setting, string prescribed, string value)
    {
        await using var database = await RaceDatabase.CreateAsync();
        var name = new NpgsqlConnectionStringBuilder(database.ConnectionString).Database;
        await database.RunAsync($"ALTER DATABASE {name} SET {setting} = {prescribed}");
        await using var connections = new DemoConnections(new NpgsqlConnectionStringBuilder(database.ConnectionString), TimeProvider.System);

        await using var connection = await connections.OpenAsync(default);

        (await connection.Command($"SHOW {setting}").ScalarAsync<string>(default)).ShouldBe(value);
    }
}
