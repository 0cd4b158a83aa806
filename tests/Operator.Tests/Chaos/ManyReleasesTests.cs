using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing;
using Xunit;

namespace Slipway.Operator.Tests.Chaos;

/// <summary>Many stacks at once, each with another policy and another mix of releases, cancels and rollbacks.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ManyReleasesTests(OperatorWorld world) : IClassFixture<OperatorWorld>
{
    private const int Stacks = 20;

    private const string Held = "build-held-cancelled";

    private static readonly string[] Policies = ["Queue", "Reject", "Supersede", "Parallel"];

    /// <summary>What follows a stack's first release; those that are cancelled say so.</summary>
    private static readonly string[] Kinds =
        ["good", "good", "good-cancelled", "never", "well", "build-fails", Held, "current", "rollback"];

    [Fact]
    public async Task Two_hundred_releases_over_twenty_stacks_get_distinct_versions_and_leave_one_active_each()
    {
        var pods = new ChaosPods { Push = (stack, number) => world.Registry.Push($"built/{stack}", $"{number}").Digest };
        await using var scene = await world.NewSceneAsync(pods.Behave);
        var names = Enumerable.Range(0, Stacks).Select(number => $"s{number:00}").ToList();

        await Task.WhenAll(names.Select(stack => BeginAsync(scene, stack, PolicyOf(stack))));
        await Task.WhenAll(names.Select((stack, number) => FollowAsync(scene, stack, new Random(number))));
        pods.LetAllGo();
        await Eventually.See(
            "everything is as the ledger says", () => Aftermath.ProblemsAsync(scene), problems => problems.Count == 0, () => world.Operator.Log);

        (await world.Ledger.ViolationsAsync()).ShouldBeEmpty();
        var releases = await world.Cluster.Server.ListAsync(scene.Namespace.Slipways("deployments"));
        releases.Count.ShouldBe(Stacks * (Kinds.Length + 1));
        releases.Where(release => release.Text("metadata.name")!.EndsWith(Held, StringComparison.Ordinal) && IsParallel(release.Text("spec.stack")!))
            .Select(release => release.Text("status.phase")).ShouldBe(Enumerable.Repeat("Cancelled", Stacks / Policies.Length));
        foreach (var stack in names)
        {
            var own = releases.Where(release => release.Text("spec.stack") == stack).ToList();
            own.Select(release => release.Text("status.version")).OfType<string>().ShouldBeUnique();
            own.Count(release => release.Text("status.phase") == "Active").ShouldBe(1);
        }
    }

    private static async Task BeginAsync(Scene scene, string stack, string policy)
    {
        await scene.StackAsync(stack, new JsonObject { ["policy"] = new JsonObject { ["concurrency"] = policy } });
        await scene.ReleaseAsync($"{stack}-first", scene.Push("good", stack).ByTag, stack);
        await scene.PhaseAsync($"{stack}-first", "Active");
    }

    /// <summary>All at once, in an order of the stack's own; cancels come right behind.</summary>
    private static async Task FollowAsync(Scene scene, string stack, Random order)
    {
        var first = (await scene.GetReleaseAsync($"{stack}-first")).Text("status.version")!;
        await scene.DeadlineAsync(5, stack);
        var kinds = (string[])[.. Kinds];
        order.Shuffle(kinds);
        await Task.WhenAll(kinds.Select((kind, number) => ReleaseAsync(scene, stack, $"{stack}-{number}-{kind}", first)));
    }

    private static async Task ReleaseAsync(Scene scene, string stack, string name, string first)
    {
        await scene.ReleaseAsync(name, new JsonObject { ["stack"] = stack, ["source"] = Source(scene, name, first) });
        if (name.EndsWith(Held, StringComparison.Ordinal) && IsParallel(stack))
        {
            // Nobody is in its way, so it is cancelled in the middle of its work.
            await scene.PhaseAsync(name, "Building");
        }

        if (name.EndsWith("cancelled", StringComparison.Ordinal))
        {
            await scene.MergeReleaseAsync(name, new JsonObject { ["spec"] = new JsonObject { ["cancel"] = true } });
        }
    }

    private static string PolicyOf(string stack) => Policies[int.Parse(stack[1..]) % Policies.Length];

    private static bool IsParallel(string stack) => PolicyOf(stack) == "Parallel";

    private static JsonObject Source(Scene scene, string name, string first) => name.Split('-')[2] switch
    {
        "good" => new JsonObject { ["image"] = scene.Push("good", name).ByTag },
        "never" => new JsonObject { ["image"] = scene.Push("never", name).ByTag },
        "current" => new JsonObject { ["current"] = new JsonObject() },
        "rollback" => new JsonObject { ["rollback"] = new JsonObject { ["version"] = first } },
        _ => Builder.Git.DeepClone().AsObject(),
    };
}
