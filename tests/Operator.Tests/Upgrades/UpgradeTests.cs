using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing;
using Xunit;
using static Slipway.Operator.Tests.Integration.EnvSpecs;

namespace Slipway.Operator.Tests.Upgrades;

/// <summary>From every release that was frozen to the operator of this checkout: its objects, its ledger, and what runs.</summary>
[Collection(ClusterCollection.Name)]
public sealed class UpgradeTests(FrozenWorld world) : IClassFixture<FrozenWorld>, IAsyncLifetime
{
    private static readonly string[] Running = ["api", "built", "made", "web"];

    public static TheoryData<string> Versions() => new(Frozen.Versions);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await world.ClearAsync();
        await DefineAsync(Repository.PathOf("config/crd"));
    }

    [Fact]
    public void This_release_is_frozen_too() => Frozen.Versions.ShouldContain(Frozen.Current, "FREEZE=1, as tests/Fixtures/README.md tells");

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Everything_goes_on_from_where_it_was(string version)
    {
        var frozen = new Frozen(version);
        var gate = new Gate();
        await DefineAsync(frozen.Definitions);
        var scene = await world.SceneAsync(gate);
        await new Thaw(frozen, scene).RunAsync();
        var workloads = await WorkloadsAsync(scene);
        var stored = await StoredAsync(scene);
        var slow = await scene.GetReleaseAsync("slow");

        await DefineAsync(Repository.PathOf("config/crd"));
        (await StoredAsync(scene)).ShouldBe(stored, "new definitions leave what is stored as it is");
        await world.Operator.StartAsync();
        await Eventually.See("it works", () => world.Operator.Log.Contains("The ledger is there", StringComparison.Ordinal), () => world.Operator.Log);
        // At once: its deadline is long past, and an operator gives it only the time that follows an outage.
        gate.Open();
        var landed = await scene.PhaseAsync("slow", "Active");
        landed.Text("status.version").ShouldBe(slow.Text("status.version"));
        landed.Items("status.transitions").SkipLast(1).Select(move => move.Text("to"))
            .ShouldBe(slow.Items("status.transitions").Select(move => move.Text("to")), "it goes on from where it was");
        await scene.PhaseAsync("after", "Active");
        await scene.SeeStackSettledAsync();

        (await EndedAsync(scene)).ShouldBe([.. frozen.Objects().Where(IsEnded).Select(Tell).Order(StringComparer.Ordinal)]);
        var after = await WorkloadsAsync(scene);
        after.Where(one => !one.StartsWith("web ", StringComparison.Ordinal)).ShouldBe(workloads.Where(one => !one.StartsWith("web ", StringComparison.Ordinal)), "nothing that runs changes");
        (await scene.WaitsAsync("idle", "Suspended")).Text("status.version").ShouldBeNull();
        (await world.Ledger.ViolationsAsync()).ShouldBeEmpty();
        await GoOnAsync(scene, frozen);
    }

    /// <summary>Variables can still be read and changed, and versions go on counting.</summary>
    private async Task GoOnAsync(Scene scene, Frozen frozen)
    {
        await scene.SeeVariablesAsync("A=1 B=3 C=4 D=5");
        await scene.PatchAsync("later", Set(("E", "6")));
        var next = await scene.PatchReleaseAsync("later", "Active");
        await scene.SeeVariablesAsync("A=1 B=3 C=4 D=5 E=6");
        var versions = frozen.Objects().Where(item => item.Text("spec.stack") == "web").Select(item => item.Text("status.version")).OfType<string>().ToList();
        versions.Append((await scene.GetReleaseAsync("after")).Text("status.version")!).Append(next.Text("status.version")!).ShouldBeUnique();
        (await world.Ledger.ReleasesAsync(Frozen.Namespace)).Where(release => release.Version.Length > 0 && release.Name is "after" or "slow" or "one")
            .Select(release => release.Version).ShouldBeUnique();
        var team = await world.Cluster.Server.GetAsync($"/apis/slipway.dev/v1alpha1/teams/{Frozen.Team}");
        (team.Text("status.slug"), team.Text("status.owner"), team.ConditionText("Ready")).ShouldBe(("frozen-team", "alice", "True TeamReady"));
        (await scene.SeeStackSettledAsync()).Text("status.slug").ShouldBe("frozen-web");
        await scene.ReleaseAsync("api-next", FrozenWorld.Image("next"), "api");
        var active = await scene.PhaseAsync("api-next", "Active");
        ShouldFollow(active.Text("status.version")!, frozen.Objects().Where(item => item.Text("spec.stack") == "api").Select(item => item.Text("status.version")).OfType<string>());
    }

    /// <summary>The next number of the same day, or the first of a later one.</summary>
    private static void ShouldFollow(string version, IEnumerable<string> before)
    {
        var last = before.Select(Parse).Max();
        var (day, number) = Parse(version);
        (day > last.Day ? number == 1 : day == last.Day && number == last.Number + 1).ShouldBeTrue($"{version} after {last}");
    }

    private static (int Day, int Number) Parse(string version)
    {
        var parts = version.Split('.').Select(part => int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        return (parts[0], parts[1]);
    }

    private async Task DefineAsync(string folder)
    {
        await world.Cluster.Kubectl.Run("apply", "--validate=false", "--filename", folder);
        await world.Cluster.Kubectl.Run("wait", "--for=condition=Established", "--timeout=60s", "--filename", folder);
    }

    /// <summary>What is stored of our objects, but for who wrote it and when.</summary>
    private async Task<IReadOnlyList<string>> StoredAsync(Scene scene)
    {
        var stored = new List<string>();
        foreach (var plural in (string[])["stacks", "deployments", "envpatches"])
        {
            foreach (var item in await world.Cluster.Server.ListAsync(scene.Namespace.Slipways(plural)))
            {
                stored.Add($"{plural}/{item.Text("metadata.name")} {item["spec"]!.ToJsonString()} {item["status"]!.ToJsonString()}");
            }
        }

        return stored;
    }

    /// <summary>Each workload with what would change if it were rolled out again; when its pods are there.</summary>
    private async Task<IReadOnlyList<string>> WorkloadsAsync(Scene scene)
    {
        var told = new List<string>();
        foreach (var name in Running)
        {
            var workload = name == "web"
                ? await scene.SeeWorkloadAsync("there", one => one.Number("status.observedGeneration") == one.Number("metadata.generation"), name)
                : await scene.SeeWorkloadAsync("up", one => one.Number("status.availableReplicas") == 1, name);
            told.Add($"{name} {workload.Text("metadata.uid")} {workload.Number("metadata.generation")} {workload["spec"]!.ToJsonString()}");
        }

        return told;
    }

    private async Task<IReadOnlyList<string>> EndedAsync(Scene scene) =>
    [
        .. (await world.Cluster.Server.ListAsync(scene.Namespace.Slipways("deployments")))
            .Where(IsEnded).Select(Tell).Order(StringComparer.Ordinal),
    ];

    private static bool IsEnded(JsonNode item) =>
        item.Text("kind") is null or "Deployment" && item.Text("status.phase") is "Superseded" or "RolledBack" or "Failed" or "Cancelled"
            && item.Text("spec.stack") != "web";

    private static string Tell(JsonNode item) =>
        $"{item.Text("metadata.name")} {item.Text("status.phase")} {item.Text("status.version")} {item["status"]!["transitions"]?.ToJsonString()} {item["status"]!["failure"]?.ToJsonString()}";
}
