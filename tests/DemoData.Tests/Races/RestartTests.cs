using Shouldly;
using Slipway.Operator.Commands;
using Slipway.Testing;
using Slipway.Testing.Proxies;
using Xunit;

namespace Slipway.DemoData.Tests.Races;

/// <summary>The server of the database is stopped and started again in the middle. It is one of its own.</summary>
[Collection(RaceCollection.Name)]
public sealed class RestartTests(RaceCluster cluster) : IAsyncLifetime
{
    private const string Instance = "restart";

    [Theory]
    [InlineData("UPDATE slipway_demo.fence", 1)]
    [InlineData("CREATE TYPE kind", 1)]
    [InlineData(PostgresRequest.CopyData, 1)]
    [InlineData("COMMIT", 3)]
    public async Task A_server_that_is_started_again_has_the_old_data_and_the_next_run_succeeds(string statement, int occurrence)
    {
        await using var database = await RaceDatabase.CreateAsync(await PostgresServer.StartAsync(Instance));
        await Run.Of(database, cluster.Files.Plain, cluster.Files.First).StartAsync();
        await using var proxy = database.NewProxy();
        var hold = new Hold(proxy, statement, occurrence);
        await using var run = RaceProcesses.Start(
            database.Through(proxy.Port), cluster.Files.Wider, cluster.Files.Second, "--lock", "database", "--wait-for-database", "1s");
        await hold.SeeAsync(run);

        await Repository.HackAsync("postgres", "down", "--name", Instance, "--keep-data");
        hold.Release();
        (await run.ExitAsync()).ShouldBe(ExitCodes.Of(DemoDataFault.DatabaseUnavailable), run.Log);
        await PostgresServer.StartAsync(Instance);

        await using var reader = new RaceReader(database);
        (await reader.LookAsync()).ShouldBe(RaceReader.Of("first"));
        await Run.Of(database, cluster.Files.Plain, cluster.Files.Third).StartAsync();
        (await reader.LookAsync()).ShouldBe(RaceReader.Of("third"));
        (await database.TracesAsync()).ShouldBeEmpty();
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Repository.HackAsync("postgres", "down", "--name", Instance);
}
