using Shouldly;
using Slipway.DemoData.Locking;
using Slipway.Operator.Commands;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Slipway.Testing.Proxies;
using Xunit;

namespace Slipway.DemoData.Tests.Races;

/// <summary>Who cannot have the lock says why, and whom to ask.</summary>
[Collection(RaceCollection.Name)]
public sealed class WaitingTests(RaceCluster cluster) : IAsyncLifetime
{
    private const string Time = "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8} UTC";

    private RaceDatabase _database = null!;
    private TestNamespace _namespace = null!;

    [Fact]
    public async Task A_lease_that_another_run_holds_is_waited_for_and_its_holder_named()
    {
        var (holder, gate) = Run.Gated(_database, cluster.Files.Plain, cluster.Files.First, Run.Leased(cluster.Client, _namespace, "reset-demo-data on web-1"));
        var holding = holder.StartAsync();
        await gate.Begun;

        await using var run = Start("--wait-for-lock", "5s");

        (await run.ExitAsync()).ShouldBe(ExitCodes.Of(DemoDataFault.LockHeld), run.Log);
        run.Log.ShouldMatch($"has not been done within 5 s: the lease {_namespace.Name}/{_database.Lease} is held by reset-demo-data on web-1_[0-9a-f]+, since {Time}");
        gate.Open();
        await holding;
        (await _database.DumpAsync()).ShouldContain("first Rex");
    }

    [Fact]
    public async Task A_lock_that_somebody_holds_who_knows_no_leases_is_waited_for_and_he_is_named()
    {
        await using var seeder = await _database.OpenAsync();
        await seeder.RunAsync($"SET application_name = 'psql'; SELECT pg_advisory_lock({DatabaseLock.Key})", default);

        await using var run = Start("--wait-for-lock", "5s");

        (await run.ExitAsync()).ShouldBe(ExitCodes.Of(DemoDataFault.LockHeld), run.Log);
        var who = $"process {seeder.ProcessID} of 'psql' \\(user {seeder.UserName}, from 127.0.0.1\\), since {Time}";
        run.Log.ShouldMatch($"\\.\\.\\. +waiting for the lock of the database, which is held by {who}");
        run.Log.ShouldMatch($"has not been done within [0-9]+ s: {who}");
        (await _namespace.HolderAsync(_database)).ShouldBeEmpty();
        (await _database.TracesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_API_server_that_does_not_let_us_in_is_not_waited_for()
    {
        await using var proxy = await ApiProxy.StartAsync(cluster.Server);

        await using var run = Start(proxy.KubeConfigPath);

        (await run.ExitAsync()).ShouldBe(ExitCodes.Of(DemoDataFault.MutexUnavailable), run.Log);
        run.Log.ShouldContain("may not be used by us");
        run.Log.ShouldContain("--lock database");
    }

    [Fact]
    public async Task A_namespace_that_does_not_exist_is_not_waited_for()
    {
        await using var run = RaceProcesses.Start(
            _database.Url, cluster.Files.Plain, cluster.Files.Second, "--kubeconfig", cluster.KubeConfigPath, "--lock-namespace", "nowhere");

        (await run.ExitAsync()).ShouldBe(ExitCodes.Of(DemoDataFault.MutexUnavailable), run.Log);
        run.Log.ShouldContain("namespaces \"nowhere\" not found");
    }

    [Fact]
    public async Task An_API_server_that_cannot_be_reached_is_waited_for_as_long_as_was_said()
    {
        var proxy = await ApiProxy.StartAsync(cluster.Server);
        var path = $"{proxy.KubeConfigPath}.kept";
        File.Copy(proxy.KubeConfigPath, path);
        await proxy.DisposeAsync();

        await using var run = Start(path, "--wait-for-lock", "1s");

        (await run.ExitAsync()).ShouldBe(ExitCodes.Of(DemoDataFault.MutexUnavailable), run.Log);
        run.Log.ShouldContain("cannot be reached");
        File.Delete(path);
    }

    [Fact]
    public async Task A_lease_that_is_deleted_while_it_is_being_taken_is_made_anew()
    {
        await AllowAsync();
        await using var proxy = await ApiProxy.StartAsync(cluster.Server);
        await Run.Of(_database, cluster.Files.Plain, cluster.Files.First, Run.Leased(cluster.Client, _namespace)).StartAsync();
        var deleted = proxy.OnFirst(request => request.Method == "PATCH", async exchange =>
        {
            await cluster.Server.DeleteAsync(_namespace.LeasePath(_database));
            await exchange.ForwardAsync();
        });

        await using var run = Start(proxy.KubeConfigPath);

        (await run.ExitAsync()).ShouldBe(0, run.Log);
        await deleted;
        (await _database.DumpAsync()).ShouldContain("second Rex");
    }

    public async Task InitializeAsync()
    {
        _database = await RaceDatabase.CreateAsync();
        _namespace = await cluster.NewNamespaceAsync();
    }

    public async Task DisposeAsync()
    {
        await _namespace.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>What the proxy's requests are sent as may then use leases.</summary>
    private async Task AllowAsync()
    {
        await _namespace.Apply("""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: demo}
            rules: [{apiGroups: [coordination.k8s.io], resources: [leases], verbs: [get, watch, list, create, patch]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: demo}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: demo}
            subjects: [{kind: ServiceAccount, name: slipway, namespace: slipway-system}]
            """);
        await Eventually.See(
            "the API server knows the role",
            () => cluster.Kubectl.Try(
                "auth", "can-i", "create", "leases.coordination.k8s.io", "--namespace", _namespace.Name, "--as", "system:serviceaccount:slipway-system:slipway", "--quiet"),
            answer => answer.ExitCode == 0);
    }

    private SlipwayProcess Start(params IReadOnlyList<string> options) => options[0].StartsWith('-')
        ? RaceProcesses.Start(
            _database.Url, cluster.Files.Plain, cluster.Files.Second, ["--kubeconfig", cluster.KubeConfigPath, "--lock-namespace", _namespace.Name, .. options])
        : RaceProcesses.Start(
            _database.Url, cluster.Files.Plain, cluster.Files.Second, ["--kubeconfig", options[0], "--lock-namespace", _namespace.Name, .. options.Skip(1)]);
}
