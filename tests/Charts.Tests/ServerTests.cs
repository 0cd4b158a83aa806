using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Xunit;

namespace Slipway.Charts.Tests;

/// <summary>What a real API server says of the chart.</summary>
public sealed class ServerTests(LocalCluster cluster) : IClassFixture<LocalCluster>
{
    /// <summary>Not the name of an installation that people have: the roles of a release are cluster-wide.</summary>
    private const string Release = "slipway-chart-test";

    public static TheoryData<string> Cases() => new(Case.Names);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_manifests_are_accepted(string name)
    {
        await using var scope = await cluster.NewNamespaceAsync();
        var version = JsonNode.Parse(await cluster.Kubectl.Run("get", "--raw", "/version")).Text("gitVersion")!.TrimStart('v');

        // What the server may not have: the Prometheus Operator, and namespaces that a case names.
        var text = await Helm.TemplateAsync(
            version, "--values", new Case(name).Values, "--namespace", scope.Name, "--set", "metrics.serviceMonitor.enabled=false",
            "--set", $"demoData.lockNamespace={scope.Name}", "--set", "demoData.createLockNamespace=false",
            "--set", name == "restricted" ? $"watchNamespaces={{{scope.Name}}}" : "watchNamespaces=null");

        var result = await Command.RunAsync(
            "kubectl", ["--kubeconfig", cluster.KubeConfigPath, "apply", "--dry-run=server", "--filename", "-"], text);
        result.ExitCode.ShouldBe(0, result.Output);
    }

    [Fact]
    public async Task A_password_is_made_once_and_stays_with_its_volume()
    {
        await using var scope = await cluster.NewNamespaceAsync();
        string[] chart = [Release, Helm.Chart, "--namespace", scope.Name, "--set", "crds.install=false", "--set", "database.bundled.enabled=true"];
        try
        {
            await RunAsync(["install", .. chart]);
            var made = await PasswordAsync(scope);
            await RunAsync(["upgrade", .. chart, "--set", "replicas=3"]);
            var upgraded = await PasswordAsync(scope);
            await RunAsync("uninstall", Release, "--namespace", scope.Name);
            (await cluster.Server.GetAsync(scope.Apps("statefulsets", $"{Release}-postgresql"))).ShouldBeNull();
            await RunAsync(["install", .. chart]);

            made.ShouldNotBeNullOrEmpty();
            upgraded.ShouldBe(made);
            (await PasswordAsync(scope)).ShouldBe(made);
        }
        finally
        {
            await RunAsync("uninstall", Release, "--namespace", scope.Name, "--ignore-not-found");
        }
    }

    [Fact]
    public async Task Whoever_is_restricted_to_a_namespace_sees_into_no_other()
    {
        await using var scope = await cluster.NewNamespaceAsync();
        await using var shop = await cluster.NewNamespaceAsync();
        try
        {
            await RunAsync(
                "install", Release, Helm.Chart, "--namespace", scope.Name, "--set", "crds.install=false", "--set", $"watchNamespaces={{{shop.Name}}}");

            await SeeMayAsync(scope, "list stacks.slipway.dev", shop.Name);
            await SeeMayAsync(scope, "get secrets", shop.Name);
            (await MayAsync(scope, "list stacks.slipway.dev", "--all-namespaces")).ShouldBeFalse();
            (await MayAsync(scope, "get secrets", scope.Name)).ShouldBeFalse();
            await SeeMayAsync(scope, "get secrets/slipway-env-keys", scope.Name);
            await SeeMayAsync(scope, "patch leases.coordination.k8s.io/slipway-operator", scope.Name);
            (await MayAsync(scope, "create secrets", "kube-system")).ShouldBeFalse();
            await SeeMayAsync(scope, "create events.events.k8s.io", "kube-system");
            await SeeMayAsync(scope, "list teams.slipway.dev", "--all-namespaces");
        }
        finally
        {
            await RunAsync("uninstall", Release, "--namespace", scope.Name, "--ignore-not-found");
        }
    }

    private Task<string> RunAsync(params IReadOnlyList<string> arguments) => Helm.RunOnAsync(cluster.KubeConfigPath, arguments);

    private async Task<string?> PasswordAsync(TestNamespace scope) =>
        (await cluster.Server.GetAsync(scope.Core("secrets", $"{Release}-postgresql"))).Text("data.password");

    /// <summary>The API server may hear of new roles a moment after they were made.</summary>
    private Task SeeMayAsync(TestNamespace scope, string what, string where) =>
        Eventually.See($"it may {what} in {where}", () => MayAsync(scope, what, where), may => may);

    private async Task<bool> MayAsync(TestNamespace scope, string what, string where)
    {
        string[] place = where.StartsWith("--", StringComparison.Ordinal) ? [where] : ["--namespace", where];
        var account = $"system:serviceaccount:{scope.Name}:{Release}";
        var result = await cluster.Kubectl.Try(["auth", "can-i", .. what.Split(' '), .. place, "--as", account, "--quiet"]);
        return result.ExitCode == 0;
    }
}
