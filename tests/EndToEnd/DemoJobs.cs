using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Cluster;

namespace Slipway.EndToEnd;

/// <summary>Resets and seeds that run in a namespace, as somebody with kubectl has them run and sees them.</summary>
public sealed class DemoJobs(NodeCluster cluster, TestNamespace scope, DemoManifests manifests)
{
    public const string Reset = "reset-demo-data";
    public const string Seed = "seed-test-data";
    public const string LockNamespace = "slipway-demo";

    /// <summary>The program as people have it on their own machine.</summary>
    public static async Task SlipwayAsync(params IReadOnlyList<string> arguments)
    {
        var start = SlipwayProcess.StartOf(arguments);
        var result = await Command.RunAsync(start.FileName, [.. start.ArgumentList]);
        result.ExitCode.ShouldBe(0, result.Output);
    }

    /// <summary>The CronJob of the newest API that the server has.</summary>
    /// <returns>The version of that API.</returns>
    public async Task<string> ScheduleAsync()
    {
        var resources = await cluster.Server.GetAsync("/apis/batch/v1");
        var version = resources.Items("resources").Any(resource => resource.Text("name") == "cronjobs") ? "v1" : "v1beta1";
        await ApplyAsync(version == "v1" ? "cronjob.yaml" : "cronjob-v1beta1.yaml");
        return version;
    }

    /// <summary>The roles, wherever they belong, or a job.</summary>
    public Task<string> ApplyAsync(string file) => file == "rbac.yaml"
        ? cluster.Kubectl.Run("apply", "--server-side", "--filename", manifests.PathOf(file))
        : scope.Kubectl("apply", "--server-side", "--filename", manifests.PathOf(file));

    /// <summary>Deletes the Job that seeds, if it is there, and makes it again, then waits for its end.</summary>
    public async Task SeedAgainAsync(string file = "job.yaml")
    {
        await scope.Kubectl("replace", "--force", "--validate=false", "--filename", manifests.PathOf(file));
        var ended = await Eventually.See(
            "the Job ends", () => scope.Server.GetAsync(Jobs(Seed)), job => Succeeded(job) || job.Number("status.failed") > 0);
        Succeeded(ended).ShouldBeTrue($"{ended?["status"]}");
    }

    /// <summary>No further start, and waits for the end of what has been started.</summary>
    public async Task StopAsync(string version)
    {
        await scope.Server.MergeAsync(
            $"/apis/batch/{version}/namespaces/{scope.Name}/cronjobs/{Reset}", new JsonObject { ["spec"] = new JsonObject { ["suspend"] = true } });
        await Eventually.See("every Job ends", () => scope.Server.ListAsync(Jobs()), jobs => jobs.All(Succeeded));
    }

    /// <summary>Deletes the Job that seeds and its pod, and waits until that has ended.</summary>
    public async Task DeleteSeedAsync()
    {
        // The pod as well: right after a start, the garbage collector of an old server may be in no hurry.
        await scope.Kubectl("delete", "jobs,pods", "--selector", $"app.kubernetes.io/component={Seed}", "--ignore-not-found");
        await Eventually.See("no pod", () => scope.Server.ListAsync(scope.Core("pods")), pods => pods.Count == 0);
    }

    /// <summary>Who holds the lock of a database; an empty text when nobody does.</summary>
    public async Task<string> LockHolderAsync(PostgresDatabase database)
    {
        var name = $"slipway-demo-{database.Name.Replace('_', '-')[..40]}-";
        var leases = await cluster.Server.ListAsync($"/apis/coordination.k8s.io/v1/namespaces/{LockNamespace}/leases");
        return leases.Single(lease => lease.Text("metadata.name")!.StartsWith(name, StringComparison.Ordinal)).Text("spec.holderIdentity") ?? "";
    }

    /// <summary>What somebody would look at who wants to know why.</summary>
    public async Task<string> TellAsync() => string.Join('\n',
        await scope.Kubectl("get", "cronjobs,jobs,pods", "--output", "wide"),
        await scope.Kubectl("get", "events", "--sort-by", ".lastTimestamp"),
        await scope.Kubectl("logs", "--selector", "app.kubernetes.io/part-of=demo-data", "--prefix", "--tail", "100", "--ignore-errors"));

    /// <summary>Whether the jobs' account may do something.</summary>
    public async Task<bool> MayAsync(string verb, string resource, string @namespace)
    {
        var account = $"system:serviceaccount:{scope.Name}:slipway-demo-data";
        var answer = await cluster.Kubectl.Try("auth", "can-i", verb, resource, "--as", account, "--namespace", @namespace);
        return answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() switch
        {
            "yes" => true,
            "no" => false,
            _ => throw new InvalidOperationException($"Neither yes nor no: {answer.Output}"),
        };
    }

    private string Jobs(string? name = null) => $"/apis/batch/v1/namespaces/{scope.Name}/jobs" + (name is null ? "" : $"/{name}");

    private static bool Succeeded(JsonNode? job) => job.Number("status.succeeded") == 1;
}
