using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Xunit;
using static Slipway.Operator.Tests.Integration.TeamScene;

namespace Slipway.Operator.Tests.Integration;

/// <summary>Many who ask for the same slug at once: eleven get one, and the others one by one, as slugs are freed.</summary>
[Collection(ClusterCollection.Name)]
public sealed class SlugContentionTests(OperatorWorld world) : IClassFixture<OperatorWorld>
{
    private const int Many = 32;

    private const string Teams = "SELECT name FROM slipway.teams WHERE starts_with(name, $1) AND lifecycle = 'live' ORDER BY name";

    [Fact]
    public async Task Of_many_teams_of_one_name_eleven_get_a_slug_and_the_others_say_that_all_are_taken()
    {
        await using var scene = await world.NewSceneAsync();
        var slugs = Candidates(scene.TeamName("crowd"));
        await AllAtOnceAsync(Many, number => scene.TeamAsync($"t{number}", Called(scene.TeamName("crowd"))));
        var teams = await SeeTeamsAsync(scene, Many, slugs);

        var waiting = teams.Where(team => !HasSlug(team)).ToList();
        foreach (var team in waiting)
        {
            (team.ConditionText("Ready"), team.ConditionText("Stalled"), team.ConditionText("SlugAllocated"))
                .ShouldBe(("False SlugsExhausted", "True SlugsExhausted", "False SlugsExhausted"));
            team.Text("status.owner").ShouldBeNull("it is not in the ledger");
            team.Condition("Ready").Text("message")!.ShouldContain($"\"{slugs[^1]}\"");
        }

        (await NamesInLedgerAsync(scene)).ShouldBe(Names(teams.Where(HasSlug)));
        (await world.Ledger.ViolationsAsync()).ShouldBeEmpty();

        var gone = teams.Single(team => team.Text("status.slug") == slugs[4]).Text("metadata.name")!;
        await world.Cluster.Server.DeleteAsync($"/apis/slipway.dev/v1alpha1/teams/{gone}");

        var after = await SeeTeamsAsync(scene, Many - 1, slugs);
        var heir = after.Single(team => team.Text("status.slug") == slugs[4]);
        Names(waiting).ShouldContain(heir.Text("metadata.name"));
        (heir.ConditionText("Ready"), heir.ConditionText("Stalled"), heir.ConditionText("SlugAllocated")).ShouldBe(("True TeamReady", "absent", "True Allocated"));
        (await NamesInLedgerAsync(scene)).ShouldBe(Names(after.Where(HasSlug)));

        var tired = after.First(team => !HasSlug(team)).Text("metadata.name")![scene.TeamName("").Length..];
        await scene.TeamAsync(tired, Called(scene.TeamName("elsewhere")));
        (await scene.TeamReadyAsync(tired)).Text("status.slug").ShouldBe(scene.TeamName("elsewhere"));
        (await world.Ledger.ViolationsAsync()).ShouldBeEmpty();
    }

    /// <summary>A lost race is no verdict: each of them can have one.</summary>
    [Fact]
    public async Task As_many_teams_as_there_are_slugs_get_one_each_and_none_is_told_that_all_are_taken()
    {
        await using var scene = await world.NewSceneAsync();
        var slugs = Candidates(scene.TeamName("crowd"));

        await AllAtOnceAsync(slugs.Count, number => scene.TeamAsync($"t{number}", Called(scene.TeamName("crowd"))));

        await SeeTeamsAsync(scene, slugs.Count, slugs);
        world.Proxy.Requests
            .Where(request => request.IsWrite && request.Path.Contains(scene.TeamName(""), StringComparison.Ordinal))
            .ShouldAllBe(request => !request.Body.Contains("SlugsExhausted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_many_stacks_of_one_name_eleven_get_a_slug_and_all_of_them_release()
    {
        await using var scene = await world.NewSceneAsync();
        var slugs = Candidates(scene.TeamName("crowd"));
        var image = scene.Push().ByTag;
        await AllAtOnceAsync(Many, async number =>
        {
            await scene.StackAsync($"web{number}", Called(scene.TeamName("crowd")));
            await scene.ReleaseAsync($"one{number}", image, $"web{number}");
        });
        for (var number = 0; number < Many; number++)
        {
            await scene.PhaseAsync($"one{number}", "Active");
            await scene.SeeStackSettledAsync($"web{number}");
        }

        var stacks = await SeeStacksAsync(scene, Many, slugs);
        stacks.ShouldAllBe(stack => stack.ConditionText("Ready") == "True Active" && stack.Condition("Stalled") == null);
        await SeeSameInLedgerAsync(scene, stacks);

        var gone = stacks.Single(stack => stack.Text("status.slug") == slugs[7]).Text("metadata.name")!;
        await scene.DeleteAsync(scene.Namespace.Slipways("stacks", gone));

        var after = await SeeStacksAsync(scene, Many - 1, slugs);
        after.Single(stack => stack.Text("status.slug") == slugs[7]).ConditionText("SlugAllocated").ShouldBe("True Allocated");
        await SeeSameInLedgerAsync(scene, after);
        (await world.Ledger.ViolationsAsync()).ShouldBeEmpty();
    }

    /// <summary>The slugs that one name can give, the first first.</summary>
    private static IReadOnlyList<string> Candidates(string name) => [name, .. Enumerable.Range(1, 10).Select(number => $"{name}-{number}")];

    private static async Task AllAtOnceAsync(int count, Func<int, Task> act) =>
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = count }, async (number, _) => await act(number));

    private static bool HasSlug(JsonNode item) => item.Text("status.slug") is not null;

    private static IReadOnlyList<string> Names(IEnumerable<JsonNode> items) => [.. items.Select(item => item.Text("metadata.name")!).Order(StringComparer.Ordinal)];

    private Task<IReadOnlyList<string>> NamesInLedgerAsync(Scene scene) => world.Ledger.QueryAsync(Teams, row => row.GetString(0), scene.TeamName("t"));

    private Task<IReadOnlyList<JsonNode>> SeeTeamsAsync(Scene scene, int count, IReadOnlyList<string> slugs) => SeeAsync(
        "/apis/slipway.dev/v1alpha1/teams", scene.TeamName("t"), count, slugs);

    private Task<IReadOnlyList<JsonNode>> SeeStacksAsync(Scene scene, int count, IReadOnlyList<string> slugs) => SeeAsync(
        scene.Namespace.Slipways("stacks"), "web", count, slugs);

    /// <summary>Waits until so many are there, of whom each slug has exactly one, and all others wait for one.</summary>
    private Task<IReadOnlyList<JsonNode>> SeeAsync(string path, string prefix, int count, IReadOnlyList<string> slugs) => Eventually.See(
        $"{count} of which {slugs.Count} have a slug",
        async () => (IReadOnlyList<JsonNode>)
            [.. (await world.Cluster.Server.ListAsync(path)).Where(item => item.Text("metadata.name")!.StartsWith(prefix, StringComparison.Ordinal))],
        items => items.Count == count
            && items.Where(HasSlug).Select(item => item.Text("status.slug")!).Order(StringComparer.Ordinal).SequenceEqual(slugs.Order(StringComparer.Ordinal))
            && items.Where(item => !HasSlug(item)).All(item => item.ConditionText("SlugAllocated") == "False SlugsExhausted"),
        () => world.Operator.Log);

    private static async Task SeeSameInLedgerAsync(Scene scene, IReadOnlyList<JsonNode> stacks)
    {
        foreach (var stack in stacks)
        {
            (await scene.StackSlugAsync(stack.Text("metadata.name")!)).ShouldBe(stack.Text("status.slug"));
        }
    }
}
