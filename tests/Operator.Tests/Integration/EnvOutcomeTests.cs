using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Xunit;
using static Slipway.Operator.Tests.Integration.EnvSpecs;

namespace Slipway.Operator.Tests.Integration;

/// <summary>Everything that a patch may wait for, and why it may be refused.</summary>
[Collection(ClusterCollection.Name)]
public sealed class EnvOutcomeTests(OperatorWorld world) : IClassFixture<OperatorWorld>
{
    /// <summary>Bytes of <c>{"A":""}</c>.</summary>
    private const int Around = 8;

    [Fact]
    public async Task A_stack_that_is_not_there_is_waited_for()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.PatchAsync("early", Set(("A", "1")));
        (await scene.PatchWaitsAsync("early", "StackNotFound")).Text("status.message")!.ShouldContain("Stack web");

        await scene.StackAsync();

        (await scene.PatchPhaseAsync("early", "Applied")).Number("status.revision").ShouldBe(1);
        await scene.PatchReleaseAsync("early", "Superseded");
    }

    /// <summary>Another operator has bound the patch, and the cache of stacks is behind that of patches.</summary>
    [Fact]
    public async Task A_stack_that_the_cache_does_not_know_yet_is_not_taken_for_a_deleted_one()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.PatchAsync("bound", Set(("A", "1")));
        await scene.PatchWaitsAsync("bound", "StackNotFound");
        world.Proxy.HoldWatches("stacks");
        var stack = await scene.StackAsync();

        await world.Cluster.Server.MergeAsync(
            $"{scene.Namespace.Slipways("envpatches", "bound")}/status",
            new JsonObject { ["status"] = new JsonObject { ["stackUid"] = stack.Text("metadata.uid") } });
        await scene.SeePatchAsync("bound", "waits for the cache", patch => patch.Text("status.message")!.Contains("is seen", StringComparison.Ordinal));
        world.Proxy.ReleaseWatches();

        await scene.PatchPhaseAsync("bound", "Applied");
    }

    [Fact]
    public async Task A_stack_that_is_being_deleted_takes_no_patch()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        await scene.ActiveAsync();
        var path = scene.Namespace.Slipways("stacks", "web");
        await world.Cluster.Server.MergeAsync(
            path, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = Names("slipway.dev/release", "slipway.dev/test") } });
        await world.Cluster.Server.DeleteAsync(path);
        await scene.SeeStackAsync("web", "torn down", stack => stack.Items("metadata.finalizers").All(one => (string?)one != "slipway.dev/release"));

        await scene.PatchAsync("late", Set(("A", "1")));

        (await scene.PatchRefusedAsync("late", "StackDeleting")).Number("status.keysSet").ShouldBeOneOf(0, null);
        (await scene.RevisionsAsync()).ShouldBeEmpty();
        await world.Cluster.Server.MergeAsync(path, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } });
    }

    [Fact]
    public async Task A_patch_that_waits_ends_with_its_stack_and_is_nothing_to_the_next_one_of_that_name()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        await scene.PatchAsync("waits", From("never"));
        await scene.PatchWaitsAsync("waits", "SecretNotFound");

        await scene.DeleteAsync(scene.Namespace.Slipways("stacks", "web"));

        await scene.PatchRefusedAsync("waits", "StackDeleting");
        await scene.StackAsync();
        await world.Cluster.Server.CreateAsync(scene.Namespace.Core("secrets"), Secret("never", true, ("A", "1")));
        await scene.PatchAsync("next", Set(("B", "2")));
        (await scene.PatchPhaseAsync("next", "Applied")).Number("status.totalKeys").ShouldBe(1);
        await scene.PatchRefusedAsync("waits", "StackDeleting");
    }

    [Fact]
    public async Task Up_to_64_KiB_are_taken_and_not_a_byte_more()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        await scene.ActiveAsync();

        await scene.PatchAsync("over", Set(("A", new string('x', 65_537 - Around))));
        var over = await scene.PatchRefusedAsync("over", "EnvTooLarge");
        over.Text("status.message")!.ShouldContain("65537 bytes");
        (over.Number("status.totalKeys"), over.Number("status.totalBytes"), over.Number("status.revision")).ShouldBe((0, 2, null));
        (await scene.RevisionsAsync()).ShouldBeEmpty();

        await scene.PatchAsync("full", Set(("A", new string('x', 65_536 - Around))));
        (await scene.PatchPhaseAsync("full", "Applied")).Number("status.totalBytes").ShouldBe(65_536);
        await scene.PatchReleaseAsync("full", "Active");
        (await scene.VariablesAsync())["A"].Length.ShouldBe(65_536 - Around);
    }

    [Theory]
    [InlineData("""{"set": {"1A": "x"}}""", "InvalidEnvKey", "1A")]
    [InlineData("""{"set": {"A": "x"}, "reset": ["A"]}""", "InvalidEnvKey", "more than once")]
    [InlineData("""{"unset": ["A", "A"]}""", "InvalidEnvKey", "more than once")]
    [InlineData("""{"set": {"A": "x\u0000y"}}""", "InvalidEnvValue", "NUL")]
    [InlineData("""{"set": {}}""", "EmptyPatch", "changes nothing")]
    [InlineData("{}", "EmptyPatch", "changes nothing")]
    public async Task What_can_never_be_merged_is_refused_at_once_and_holds_up_nobody(string spec, string reason, string message)
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();

        await scene.PatchAsync("bad", JsonNode.Parse(spec)!.AsObject());

        (await scene.PatchRefusedAsync("bad", reason)).Text("status.message")!.ShouldContain(message);
        (await scene.RevisionsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_row_that_somebody_keeps_locked_is_waited_for_and_the_status_says_so()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        await scene.SeeStackAsync("web", "registered", stack => stack.ConditionText("Ready") == "True NoRelease");
        await using var connection = await world.Ledger.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = $"SELECT FROM slipway.stacks WHERE namespace = '{scene.Namespace.Name}' FOR UPDATE";
            await command.ExecuteNonQueryAsync();
        }

        await scene.PatchAsync("held-up", Set(("A", "1")));
        await scene.PatchWaitsAsync("held-up", "PersistFailed");
        await scene.PatchAsync("behind", Set(("A", "2")));
        await scene.PatchWaitsAsync("behind", "WaitingForTurn");
        await transaction.RollbackAsync();

        (await scene.PatchPhaseAsync("held-up", "Applied")).Number("status.revision").ShouldBe(1);
        (await scene.PatchPhaseAsync("behind", "Applied")).Number("status.revision").ShouldBe(2);
        (await scene.RevisionsAsync()).ShouldBe([1L, 2L]);
    }

    [Fact]
    public async Task While_the_database_is_away_the_patch_waits_and_goes_on_by_itself()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        await scene.ActiveAsync();
        await world.DatabasePort.StopAsync();

        await scene.PatchAsync("one-day", Set(("A", "1")));
        await scene.PatchWaitsAsync("one-day", "PersistFailed");
        world.DatabasePort.Start();

        await scene.PatchReleaseAsync("one-day", "Active");
        await scene.SeeVariablesAsync("A=1");
        (await scene.RevisionsAsync()).ShouldBe([1L]);
    }

    [Fact]
    public async Task A_Secret_is_waited_for_until_it_is_there_and_its_owner_agrees_and_others_pass()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        await scene.PatchAsync("from", From("values"));
        (await scene.PatchWaitsAsync("from", "SecretNotFound")).Text("status.message")!.ShouldContain("Secret values");
        await scene.PatchAsync("passes", Set(("B", "2")));
        (await scene.PatchPhaseAsync("passes", "Applied")).Number("status.revision").ShouldBe(1);

        await world.Cluster.Server.CreateAsync(scene.Namespace.Core("secrets"), Secret("values", false, ("A", "1")));
        await scene.PatchWaitsAsync("from", "SecretNotLabelled");
        var label = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["slipway.dev/env"] = "true" } } };
        await world.Cluster.Server.MergeAsync(scene.Namespace.Core("secrets", "values"), label);
        await scene.TouchAsync("envpatches", "from", "its Secret is labelled");

        (await scene.PatchPhaseAsync("from", "Applied")).Number("status.totalKeys").ShouldBe(2);
    }

    [Fact]
    public async Task A_Secret_with_what_is_no_text_is_waited_for_and_holds_up_nobody()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        await world.Cluster.Server.CreateAsync(scene.Namespace.Core("secrets"), new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "bytes", ["labels"] = new JsonObject { ["slipway.dev/env"] = "true" } },
            ["data"] = new JsonObject { ["A"] = Convert.ToBase64String([0xff, 0xfe]) },
        });
        await scene.PatchAsync("bytes", From("bytes"));
        await scene.PatchWaitsAsync("bytes", "InvalidEnvValue");

        await scene.PatchAsync("passes", Set(("B", "2")));

        (await scene.PatchPhaseAsync("passes", "Applied")).Number("status.revision").ShouldBe(1);
    }

    [Theory]
    [InlineData("while it waits")]
    [InlineData("after it was merged")]
    public async Task A_spec_that_was_edited_is_not_followed_and_holds_up_nobody(string moment)
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        var waits = moment == "while it waits";
        await scene.PatchAsync("edited", waits ? From("never") : Set(("A", "1")));
        await (waits ? scene.PatchWaitsAsync("edited", "SecretNotFound") : scene.PatchReleaseAsync("edited", "Superseded"));

        await EditAsync(scene, Names("OTHER"));

        var edited = await scene.SeePatchAsync("edited", "stalled", patch => patch.ConditionText("Stalled") == "True SpecChanged");
        edited.Number("status.observedGeneration").ShouldBe(2);
        edited.ConditionText("Ready").ShouldBe(waits ? "False SpecChanged" : "True Applied");
        await scene.PatchAsync("next", Set(("B", "2")));
        (await scene.PatchPhaseAsync("next", "Applied")).Number("status.totalKeys").ShouldBe(waits ? 1 : 2);
        await EditAsync(scene, null);
        await scene.SeePatchAsync("edited", "as before", patch => patch.Condition("Stalled") is null && patch.Number("status.observedGeneration") == 3);
    }

    [Fact]
    public async Task One_that_is_deleted_while_it_waits_is_never_merged()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        await scene.PatchAsync("waits", From("later"));
        await scene.PatchWaitsAsync("waits", "SecretNotFound");

        await scene.DeleteAsync(scene.Namespace.Slipways("envpatches", "waits"));

        (await world.Ledger.QueryAsync(
            "SELECT name || ' ' || outcome || ' ' || reason FROM slipway.env_patches WHERE namespace = $1", row => row.GetString(0), scene.Namespace.Name))
            .ShouldBe(["waits rejected ObjectDeleted"]);
        await world.Cluster.Server.CreateAsync(scene.Namespace.Core("secrets"), Secret("later", true, ("A", "1")));
        await scene.PatchAsync("waits", From("later"));
        (await scene.PatchPhaseAsync("waits", "Applied")).Number("status.revision").ShouldBe(1, "made anew, it is a new patch");
    }

    private Task<JsonNode> EditAsync(Scene scene, JsonArray? unset) => world.Cluster.Server.MergeAsync(
        scene.Namespace.Slipways("envpatches", "edited"), new JsonObject { ["spec"] = new JsonObject { ["unset"] = unset } });
}
