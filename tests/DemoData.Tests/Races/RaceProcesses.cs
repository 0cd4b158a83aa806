using System.Text.Json.Nodes;
using Slipway.Testing;
using Slipway.Testing.Cluster;

namespace Slipway.DemoData.Tests.Races;

/// <summary>Runs as processes, as users and CronJobs have them, and the leases that they leave.</summary>
internal static class RaceProcesses
{
    /// <summary>
    /// Others take over after three seconds without a sign of life; whoever is paused for longer knows by his own clock that it may have happened.
    /// </summary>
    public static readonly IReadOnlyList<string> ShortLease =
        ["--lease-duration", "3s", "--lease-renew-deadline", "2500ms", "--lease-retry-period", "300ms"];

    /// <summary>A reset; without migrations, a seed.</summary>
    /// <param name="url">The database.</param>
    /// <param name="options">The lock, and whatever else.</param>
    public static SlipwayProcess Start(string url, string? migrations, string data, params IReadOnlyList<string> options) => new(
    [
        migrations is null ? "seed-demo-data" : "reset-demo-data", "--database", url, "--data", data,
        .. migrations is null ? (string[])[] : ["--migrations", migrations], .. options,
    ]);

    /// <summary>The lock of a run in a cluster.</summary>
    public static IReadOnlyList<string> Lease(string kubeConfig, TestNamespace @namespace) =>
        ["--kubeconfig", kubeConfig, "--lock-namespace", @namespace.Name, .. ShortLease];

    public static string LeasePath(this TestNamespace @namespace, RaceDatabase database) =>
        $"/apis/coordination.k8s.io/v1/namespaces/{@namespace.Name}/leases/{database.Lease}";

    public static Task<JsonNode?> LeaseAsync(this TestNamespace @namespace, RaceDatabase database) =>
        @namespace.Server.GetAsync(@namespace.LeasePath(database));

    /// <summary>Who holds the lease of the database; empty when nobody does.</summary>
    public static async Task<string> HolderAsync(this TestNamespace @namespace, RaceDatabase database) =>
        (string?)(await @namespace.LeaseAsync(database))?["spec"]?["holderIdentity"] ?? "";
}
