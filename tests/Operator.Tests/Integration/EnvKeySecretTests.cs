using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Xunit;
using static Slipway.Operator.Tests.Integration.EnvSpecs;

namespace Slipway.Operator.Tests.Integration;

/// <summary>The keys for variables where nobody gave any.</summary>
[Collection(ClusterCollection.Name)]
public sealed class EnvKeySecretTests(EnvKeySecretWorld world) : IClassFixture<EnvKeySecretWorld>
{
    [Fact]
    public async Task The_operator_makes_a_key_in_a_Secret_finds_it_again_and_makes_no_other_one_when_it_is_lost()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: Env(("A", "1")));
        await scene.ActiveAsync();
        await scene.SeeVariablesAsync("A=1");
        var secret = await scene.World.Cluster.Server.GetAsync(world.SecretPath);
        var id = Text(secret!).Split(':')[0];
        (await KeysInUseAsync(scene)).ShouldBe([id]);
        world.Operator.Log.ShouldContain($"{world.Home.Name}/{EnvKeySecret.Name}");

        await world.Operator.KillAsync();
        await world.Operator.StartAsync();
        await scene.PatchAsync("found", Set(("B", "2")));
        await scene.PatchReleaseAsync("found", "Active");
        (await KeysInUseAsync(scene)).ShouldBe([id, id]);

        await scene.DeleteAsync(world.SecretPath);
        await world.Operator.KillAsync();
        await world.Operator.StartAsync();
        await scene.PatchAsync("lost", Set(("C", "3")));
        (await scene.PatchWaitsAsync("lost", "EnvKeyUnavailable")).Text("status.message")!.ShouldContain("put it back");
        (await scene.World.Cluster.Server.GetAsync(world.SecretPath)).ShouldBeNull();

        await scene.World.Cluster.Server.ApplyAsync(world.SecretPath, Manifest(Text(secret!)));
        await scene.PatchReleaseAsync("lost", "Active");
        await scene.SeeVariablesAsync("A=1 B=2 C=3");
    }

    private static async Task<IReadOnlyList<string>> KeysInUseAsync(Scene scene) => await scene.World.Ledger.QueryAsync(
        "SELECT e.key_id FROM slipway.env_revisions e JOIN slipway.stacks s ON s.id = e.stack_id WHERE s.namespace = $1 ORDER BY e.number",
        row => row.GetString(0),
        scene.Namespace.Name);

    private static string Text(JsonNode secret) => Encoding.UTF8.GetString(Convert.FromBase64String(secret.Text("data.keys")!));

    private static JsonObject Manifest(string keys) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["metadata"] = new JsonObject { ["name"] = EnvKeySecret.Name },
        ["stringData"] = new JsonObject { [EnvKeySecret.Entry] = keys },
    };
}

/// <summary>An operator without a file of keys, with a namespace of its own.</summary>
public sealed class EnvKeySecretWorld(LocalCluster cluster) : OperatorWorld(cluster)
{
    public TestNamespace Home { get; private set; } = null!;

    public string SecretPath => Home.Core("secrets", EnvKeySecret.Name);

    protected override IReadOnlyList<string> Options => [.. base.Options, "--env-keys-file", "", "--lease-namespace", Home.Name];

    public override async Task InitializeAsync()
    {
        Home = await Cluster.NewNamespaceAsync();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Home.DisposeAsync();
    }
}
