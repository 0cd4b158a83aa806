using System.Text.Json.Nodes;
using Npgsql;
using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Xunit;

namespace Slipway.EndToEnd;

/// <summary>A demo database as people have it made new in a cluster: the manifests as they are, the program as it ships, real pods.</summary>
[Collection(NodeCollection.Name)]
public sealed class DemoDataTests(NodeCluster cluster)
{
    private const int Resets = 3;
    private const int Seeds = 6;

    /// <summary>Rows of the profile that the manifests ask for.</summary>
    private static Dictionary<string, long> Dev => new()
    {
        ["staff"] = 4,
        ["services"] = 10,
        ["clients"] = 100,
        ["pets"] = 176,
        ["invoices"] = 1000,
        ["visit_logs"] = 1000,
    };

    [Fact]
    public async Task A_reset_every_minute_beside_a_seed_that_is_made_again_and_again_lets_no_pod_fail()
    {
        await using var database = await cluster.NewDatabaseAsync();
        await using var scope = await cluster.NewNamespaceAsync();
        await using var manifests = await DemoManifests.CreateAsync(cluster, scope);
        var jobs = new DemoJobs(cluster, scope, manifests);
        await jobs.ApplyAsync("rbac.yaml");
        await DemoJobs.SlipwayAsync("allow-reset", "--database", database.Url);
        await DemoJobs.SlipwayAsync("reset-demo-data", "--database", database.Url, "--kubeconfig", cluster.KubeConfigPath);
        await scope.Kubectl("create", "secret", "generic", "demo-database", $"--from-literal=url={database.Url}");
        await using var recorder = await WatchRecorder.StartAsync(cluster.Server, scope.Core("pods"));
        try
        {
            var version = await jobs.ScheduleAsync();
            for (var resets = 1; resets <= Resets || PodsOf(DemoJobs.Seed, recorder).Count < Seeds; resets++)
            {
                await SeeResetAsync(resets, jobs, recorder);
            }

            await jobs.StopAsync(version);
            SeeNoFailure(recorder);
            (await CountAsync(database)).ShouldBe(Dev);
            (await jobs.LockHolderAsync(database)).ShouldBeEmpty();
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"{error.Message}\n{await jobs.TellAsync()}", error);
        }
    }

    [Fact]
    public async Task The_account_of_the_jobs_sees_to_leases_and_may_do_nothing_else()
    {
        await using var scope = await cluster.NewNamespaceAsync();
        await using var manifests = await DemoManifests.CreateAsync(cluster, scope);
        var jobs = new DemoJobs(cluster, scope, manifests);
        await jobs.ApplyAsync("rbac.yaml");

        await Eventually.See(
            "the API server knows the role",
            () => jobs.MayAsync("get", "leases.coordination.k8s.io", DemoJobs.LockNamespace),
            may => may);
        foreach (var verb in (string[])["get", "watch", "create", "patch"])
        {
            (await jobs.MayAsync(verb, "leases.coordination.k8s.io", DemoJobs.LockNamespace)).ShouldBeTrue(verb);
            (await jobs.MayAsync(verb, "leases.coordination.k8s.io", scope.Name)).ShouldBeFalse($"{verb} elsewhere");
            (await jobs.MayAsync(verb, "leases.coordination.k8s.io", "slipway-system")).ShouldBeFalse($"{verb} the operators' Lease");
            (await jobs.MayAsync(verb, "secrets", DemoJobs.LockNamespace)).ShouldBeFalse($"{verb} secrets");
            (await jobs.MayAsync(verb, "secrets", scope.Name)).ShouldBeFalse($"{verb} secrets of the jobs");
            (await jobs.MayAsync(verb, "pods", scope.Name)).ShouldBeFalse($"{verb} pods");
            (await jobs.MayAsync(verb, "jobs.batch", scope.Name)).ShouldBeFalse($"{verb} jobs");
        }

        foreach (var verb in (string[])["list", "update", "delete", "deletecollection"])
        {
            (await jobs.MayAsync(verb, "leases.coordination.k8s.io", DemoJobs.LockNamespace)).ShouldBeFalse(verb);
        }
    }

    /// <summary>Seeds until so many resets have succeeded.</summary>
    private static async Task SeeResetAsync(int number, DemoJobs jobs, WatchRecorder recorder)
    {
        async Task<List<JsonNode>> LookAsync()
        {
            await jobs.SeedAgainAsync();
            SeeNoFailure(recorder);
            return PodsOf(DemoJobs.Reset, recorder);
        }

        // Each takes its time: one begins with the next full minute, the other waits for seeds.
        await Eventually.See($"a pod of reset {number}", LookAsync, pods => pods.Count >= number);
        await Eventually.See($"reset {number}", LookAsync, pods => pods.Count(pod => pod.Text("status.phase") == "Succeeded") >= number);
    }

    /// <summary>Every pod that there ever was, as it was last seen.</summary>
    private static List<JsonNode> PodsOf(string component, WatchRecorder recorder) =>
    [
        .. recorder.States.SelectMany(pods => pods)
            .Where(pod => pod.Label("app.kubernetes.io/component") == component)
            .GroupBy(pod => pod.Text("metadata.uid"))
            .Select(states => states.Last()),
    ];

    private static void SeeNoFailure(WatchRecorder recorder)
    {
        var pods = recorder.States.SelectMany(pods => pods).ToList();
        pods.Where(pod => pod.Text("status.phase") is "Failed" or "Unknown").ShouldBeEmpty();
        pods.SelectMany(pod => pod.Items("status.containerStatuses")).Where(container => container.Number("restartCount") > 0).ShouldBeEmpty();
    }

    private static async Task<Dictionary<string, long>> CountAsync(PostgresDatabase database)
    {
        var rows = new Dictionary<string, long>();
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        foreach (var table in Dev.Keys)
        {
            await using var command = new NpgsqlCommand($"SELECT count(*) FROM public.{table}", connection);
            rows[table] = (long)(await command.ExecuteScalarAsync())!;
        }

        return rows;
    }
}
