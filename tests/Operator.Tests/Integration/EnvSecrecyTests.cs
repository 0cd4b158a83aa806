using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Xunit;
using static Slipway.Operator.Tests.Integration.EnvSpecs;

namespace Slipway.Operator.Tests.Integration;

/// <summary>Values are where they were put and in the Secret that pods read, and nowhere else.</summary>
[Collection(ClusterCollection.Name)]
public sealed class EnvSecrecyTests(TalkativeWorld world) : IClassFixture<TalkativeWorld>
{
    /// <summary>In every value; found again however it is encoded, because each encoding of it is looked for.</summary>
    private const string Canary = "cANary7hQ2";

    private static readonly string[] Kinds =
    [
        "/api/v1/events", "/api/v1/configmaps", "/api/v1/pods", "/api/v1/services", "/apis/events.k8s.io/v1/events", "/apis/apps/v1/deployments",
        "/apis/apps/v1/replicasets", "/apis/slipway.dev/v1alpha1/deployments", "/apis/slipway.dev/v1alpha1/stacks", "/apis/slipway.dev/v1alpha1/envpatches",
    ];

    /// <summary>How the value might be written.</summary>
    private static readonly string[] Forms =
    [
        Canary,
        Convert.ToHexString(Encoding.UTF8.GetBytes(Canary)),
        Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Canary)),
        .. Enumerable.Range(0, 3).Select(Base64At),
    ];

    [Fact]
    public async Task Whatever_happens_no_value_is_told()
    {
        await using var scene = await world.NewSceneAsync();
        await MergedAsync(scene);
        await RefusedAsync(scene);
        await HeldUpAsync(scene);
        await StalledAsync(scene);

        TracesIn("the log", world.Operator.Log).ShouldBeEmpty();
        foreach (var probe in (string[])["healthz", "readyz"])
        {
            TracesIn(probe, await world.Operator.AnswerAsync(probe)).ShouldBeEmpty();
        }

        foreach (var kind in Kinds)
        {
            foreach (var item in await world.Cluster.Server.ListAsync(kind))
            {
                TracesIn($"{kind} {item.Text("metadata.name")}", Told(item)).ShouldBeEmpty();
            }
        }

        (await TracesInLedgerAsync()).ShouldBeEmpty();
        (await scene.VariablesAsync())["SET"].ShouldContain(Canary, customMessage: "where it belongs");
        var secrets = await world.Cluster.Server.ListAsync(scene.Namespace.Core("secrets"));
        TracesIn("Secrets", string.Concat(secrets.Select(one => one.ToJsonString()))).ShouldNotBeEmpty("it would be found");
    }

    private async Task MergedAsync(Scene scene)
    {
        await world.Cluster.Server.CreateAsync(scene.Namespace.Core("secrets"), Secret("values", true, ("FROM", $"{Canary} of a Secret")));
        await scene.StackAsync(spec: Env(("BASE", $"{Canary} of the stack")));
        var one = await scene.ActiveAsync();
        await scene.PatchAsync("merged", Set(("SET", $"{Canary} of a patch")).With(From("values")).With(Unset("BASE")));
        await scene.PatchReleaseAsync("merged", "Active");
        await scene.ReleaseAsync("back", Rollback(one.Text("status.version")!));
        await scene.PhaseAsync("back", "Active");
        await scene.PatchAsync("again", Set(("MORE", $"{Canary} again")));
        await scene.PatchReleaseAsync("again", "Active");
    }

    private static async Task RefusedAsync(Scene scene)
    {
        await scene.PatchAsync("too-large", Set(("LARGE", string.Concat(Enumerable.Repeat(Canary, 7_000)))));
        await scene.PatchRefusedAsync("too-large", "EnvTooLarge");
        await scene.PatchAsync("bad-key", Set(("bad key", Canary)));
        await scene.PatchRefusedAsync("bad-key", "InvalidEnvKey");
        await scene.PatchAsync("bad-value", Set(("NUL", $"{Canary}\0")));
        await scene.PatchRefusedAsync("bad-value", "InvalidEnvValue");
    }

    /// <summary>By a lock, by the database, and by a missing key.</summary>
    private async Task HeldUpAsync(Scene scene)
    {
        await using (var connection = await world.Ledger.OpenAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT FROM slipway.stacks WHERE namespace = '{scene.Namespace.Name}' FOR UPDATE";
            await command.ExecuteNonQueryAsync();
            await scene.PatchAsync("locked", Set(("LOCKED", Canary)).Quietly());
            await scene.PatchWaitsAsync("locked", "PersistFailed");
            await world.DatabasePort.StopAsync();
            await scene.PatchAsync("away", Set(("AWAY", Canary)).Quietly());
            await scene.PatchWaitsAsync("away", "PersistFailed");
        }

        world.DatabasePort.Start();
        await scene.PatchPhaseAsync("away", "Applied");
        var keys = await File.ReadAllTextAsync(world.KeysFile);
        await File.WriteAllTextAsync(world.KeysFile, "no key at all");
        await scene.PatchAsync("keyless", Set(("KEYLESS", Canary)).Quietly());
        await scene.PatchWaitsAsync("keyless", "EnvKeyUnavailable");
        await File.WriteAllTextAsync(world.KeysFile, keys);
        await scene.TouchAsync("envpatches", "keyless", "key is back");
        await scene.PatchPhaseAsync("keyless", "Applied");
    }

    private static async Task StalledAsync(Scene scene)
    {
        await scene.StackAsync(spec: Env(("OTHER", string.Concat(Enumerable.Repeat(Canary, 7_000)))));
        await scene.SeeStackAsync("web", "stalled", stack => stack.ConditionText("Stalled") == "True EnvTooLarge");
        await scene.ReleaseAsync("waits", scene.Push("waits").ByTag);
        await scene.WaitsAsync("waits", "EnvTooLarge");
    }

    /// <summary>An object without what a person wrote into it.</summary>
    private static string Told(JsonNode item)
    {
        var told = item.DeepClone().AsObject();
        if (told["spec"] is JsonObject spec)
        {
            // Of EnvPatches and Stacks; no other kind has these.
            spec.Remove("set");
            spec.Remove("env");
        }

        return told.ToJsonString();
    }

    /// <summary>Every row of every table, as text and as the bytes in it.</summary>
    private async Task<IReadOnlyList<string>> TracesInLedgerAsync()
    {
        var traces = new List<string>();
        var tables = await world.Ledger.QueryAsync(
            "SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) FROM information_schema.tables WHERE table_schema = 'slipway'", row => row.GetString(0));
        tables.ShouldContain("slipway.env_revisions");
        foreach (var table in tables)
        {
            foreach (var row in await world.Ledger.QueryAsync($"SELECT row_to_json(one)::text FROM {table} AS one", row => row.GetString(0)))
            {
                traces.AddRange(TracesIn(table, row));
            }
        }

        return traces;
    }

    private static IEnumerable<string> TracesIn(string where, string text) =>
        Forms.Where(form => text.Contains(form, StringComparison.Ordinal)).Select(form => $"{form} in {where}");

    /// <summary>The part of base64 that is the same whatever stands before and after it, when it begins at that place of a group of three bytes.</summary>
    private static string Base64At(int offset)
    {
        var text = Convert.ToBase64String([.. new byte[offset], .. Encoding.UTF8.GetBytes(Canary)]);
        var first = offset == 0 ? 0 : 4;
        return text[first..^4];
    }
}

/// <summary>An operator that says everything it can say, and whose keys a test may take away.</summary>
public sealed class TalkativeWorld(LocalCluster cluster) : OperatorWorld(cluster)
{
    public string KeysFile { get; } = TestEnvKeys.Write(TestEnvKeys.Line("test"));

    protected override IReadOnlyList<string> Options => [.. base.Options, "--env-keys-file", KeysFile, "--log-level", "verbose"];

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        File.Delete(KeysFile);
    }
}
