using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Xunit;
using static Slipway.Operator.Tests.Integration.EnvSpecs;

namespace Slipway.Operator.Tests.Integration;

/// <summary>The operator's keys for variables: away, back, and other ones.</summary>
[Collection(ClusterCollection.Name)]
public sealed class EnvKeyTests(EnvKeyWorld world) : IClassFixture<EnvKeyWorld>
{
    [Fact]
    public async Task Without_its_key_patches_and_baselines_wait_what_runs_goes_on_and_releases_without_variables_do_too()
    {
        var key = await File.ReadAllTextAsync(world.KeysFile);
        await using var scene = await world.NewSceneAsync();
        await using var plain = await world.NewSceneAsync();
        await scene.StackAsync(spec: Env(("A", "1")));
        await scene.ActiveAsync();
        var workload = await scene.SettledWorkloadAsync();
        File.Delete(world.KeysFile);

        await scene.PatchAsync("waits", Set(("A", "2")));
        (await scene.PatchWaitsAsync("waits", "EnvKeyUnavailable")).Text("status.message")!.ShouldContain(world.KeysFile);
        await scene.StackAsync(spec: Env(("B", "2")));
        await scene.SeeStackAsync("web", "stalled", stack => stack.ConditionText("Stalled") == "True EnvKeyUnavailable");
        await plain.StackAsync();
        await plain.ActiveAsync();
        (await scene.WorkloadAsync()).At("spec")!.ToJsonString().ShouldBe(workload.At("spec")!.ToJsonString());
        await File.WriteAllTextAsync(world.KeysFile, key);
        await TouchAsync(scene, "waits", "key is back");

        await scene.PatchReleaseAsync("waits", "Active");
        await scene.SeeVariablesAsync("A=2 B=2");
        (await scene.SeeStackSettledAsync()).Condition("Stalled").ShouldBeNull();
    }

    [Fact]
    public async Task What_another_key_encrypted_is_missed_by_name_and_read_once_that_key_is_put_below_the_first()
    {
        var key = await File.ReadAllTextAsync(world.KeysFile);
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: Env(("A", "1")));
        var one = await scene.ActiveAsync();
        await File.WriteAllTextAsync(world.KeysFile, TestEnvKeys.Line("other"));

        await scene.PatchAsync("waits", Set(("B", "2")));
        (await scene.PatchWaitsAsync("waits", "EnvKeyUnavailable")).Text("status.message")!.ShouldContain("\"test\"");
        await scene.ReleaseAsync("back", Rollback(one.Text("status.version")!));
        (await scene.PhaseAsync("back", "Failed")).Text("status.failure.reason").ShouldBe("VersionActive", "no key is needed to say so");
        await File.AppendAllTextAsync(world.KeysFile, $"\n{key}");
        await TouchAsync(scene, "waits", "key is back");

        await scene.PatchReleaseAsync("waits", "Active");
        await scene.SeeVariablesAsync("A=1 B=2");
        (await world.Ledger.QueryAsync(
            "SELECT e.key_id FROM slipway.env_revisions e JOIN slipway.stacks s ON s.id = e.stack_id WHERE s.namespace = $1 AND e.number = 2",
            row => row.GetString(0),
            scene.Namespace.Name)).ShouldBe(["other"]);
    }

    /// <summary>That the key is back is told by nobody; a touch has it looked at now.</summary>
    private static async Task TouchAsync(Scene scene, string patch, string value)
    {
        await scene.TouchAsync("envpatches", patch, value);
        await scene.TouchAsync("stacks", "web", value);
    }
}

/// <summary>An operator whose keys a test may take away.</summary>
public sealed class EnvKeyWorld(LocalCluster cluster) : OperatorWorld(cluster)
{
    public string KeysFile { get; } = TestEnvKeys.Write(TestEnvKeys.Line("test"));

    protected override IReadOnlyList<string> Options => [.. base.Options, "--env-keys-file", KeysFile];

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        File.Delete(KeysFile);
    }
}
