using Npgsql;
using Shouldly;
using Slipway.Testing;
using Xunit;

namespace Slipway.EndToEnd;

/// <summary>A pod that is stopped while it fills a database with rows of its owner's, which lie in a ConfigMap.</summary>
[Collection(NodeCollection.Name)]
public sealed class StoppedSeedTests(NodeCluster cluster)
{
    private const string Sleeping = "SELECT count(*)::text FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";

    private const string Notes = "SELECT string_agg(text, ' ' ORDER BY text) FROM notes";

    [Fact]
    public async Task A_job_that_is_deleted_half_way_leaves_the_rows_of_before_and_gives_the_lock_back()
    {
        await using var database = await cluster.NewDatabaseAsync();
        await using var scope = await cluster.NewNamespaceAsync();
        await using var manifests = await DemoManifests.CreateAsync(cluster, scope);
        var jobs = new DemoJobs(cluster, scope, manifests);
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await AskAsync(connection, "CREATE TABLE notes (text text NOT NULL); INSERT INTO notes VALUES ('old')");
        await DemoJobs.SlipwayAsync("allow-reset", "--database", database.Url);
        await scope.Kubectl("create", "secret", "generic", "demo-database", $"--from-literal=url={database.Url}");
        await scope.Kubectl("create", "configmap", "endless", "--from-literal=01_notes.csv=text\nhalf", "--from-literal=02_wait.sql=SELECT pg_sleep(3600)");
        await scope.Kubectl("create", "configmap", "whole", "--from-literal=01_notes.csv=text\nnew\nnewer");
        await jobs.ApplyAsync("rbac.yaml");
        try
        {
            await jobs.ApplyAsync(await manifests.WithDataAsync("job.yaml", "endless"));
            await Eventually.See("the seed is half-way", () => AskAsync(connection, Sleeping), answer => answer == "1");
            (await jobs.LockHolderAsync(database)).ShouldContain("seed-demo-data on seed-test-data-");

            await jobs.DeleteSeedAsync();
            (await jobs.LockHolderAsync(database)).ShouldBeEmpty();
            (await AskAsync(connection, Sleeping)).ShouldBe("0");
            (await AskAsync(connection, Notes)).ShouldBe("old");

            await jobs.SeedAgainAsync(await manifests.WithDataAsync("job.yaml", "whole"));
            (await AskAsync(connection, Notes)).ShouldBe("new newer");
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"{error.Message}\n{await jobs.TellAsync()}", error);
        }
    }

    /// <summary>The first value, as text.</summary>
    private static async Task<string?> AskAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (string?)await command.ExecuteScalarAsync();
    }
}
