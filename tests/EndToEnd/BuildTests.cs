using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Xunit;

namespace Slipway.EndToEnd;

/// <summary>Releases from Git with nothing faked: git, buildah and skopeo in pods of the node, its registry, PostgreSQL, the operator.</summary>
[Collection(NodeCollection.Name)]
public sealed class BuildTests(NodeCluster cluster)
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(2) };

    [Fact]
    public async Task Commits_become_pages_one_after_the_other_and_a_rollback_needs_nothing_that_built_them()
    {
        var slipway = await cluster.OperatorAsync();
        await using var scope = await cluster.NewNamespaceAsync();
        var repository = await cluster.NewRepositoryAsync();
        var story = new Story(scope, slipway);
        await using var recorder = await WatchRecorder.StartAsync(cluster.Server, scope.Slipways("deployments"));
        await scope.Apply(Page.Stack(cluster.WebImage));

        // A commit becomes a page, phase by phase.
        var first = await repository.CommitAsync(Page.Says("the first page"));
        await story.ReleaseAsync("one", Git(repository, "main"));
        var one = await story.SeeAsync("one", "Active");
        await Eventually.See("the watch has come as far", () => PhasesOf("one", recorder).LastOrDefault() == "Active");
        PhasesOf("one", recorder).ShouldBe(["Pending", "Building", "Pushing", "Activating", "Active"]);
        one.Text("status.revision").ShouldBe(first);
        await SeeThePushedImageRunAsync(scope, one);
        var page = new Uri($"http://{(await cluster.Server.GetAsync(scope.Core("services", "web"))).Text("spec.clusterIP")}/");
        await SeePageAsync(page, "the first page", slipway);

        // The next commit replaces it, and nobody notices.
        await using (var visitor = new Visitor(page))
        {
            await visitor.VisitSomeMoreAsync();
            await story.ReleaseAsync("two", Git(repository, await repository.CommitAsync(Page.Says("the second page"))));
            var two = await story.SeeAsync("two", "Active");
            (await story.SeeAsync("one", "Superseded")).Text("status.supersededBy").ShouldBe(two.Text("status.version"));
            await SeeThePushedImageRunAsync(scope, two);
            await story.SeeNoPodOfAsync(one);
            await visitor.VisitSomeMoreAsync();
            visitor.Failures.ShouldBeEmpty($"beside {visitor.Answers} answers");
        }

        await SeePageAsync(page, "the second page", slipway);

        // A commit that does not build fails in the shell's own words.
        await story.ReleaseAsync("three", Git(repository, await repository.CommitAsync(Page.DoesNotCompile())));
        var three = await story.SeeAsync("three", "Failed");
        three.Text("status.failure.reason").ShouldBe("BuildFailed");
        three.Text("status.failure.logTail")!.ShouldContain("""page.sh: line 3: syntax error: unexpected "done" """.TrimEnd());
        await SeePageAsync(page, "the second page", slipway);

        // A build that is cancelled half-way is gone.
        await story.ReleaseAsync("four", Git(repository, await repository.CommitAsync(Page.TakesForever())));
        await story.SeeAsync("four", "Building");
        await story.SeeTheBuildSayAsync("four", "begun");
        await cluster.Server.MergeAsync(scope.Slipways("deployments", "four"), new JsonObject { ["spec"] = new JsonObject { ["cancel"] = true } });
        await story.SeeAsync("four", "Cancelled");
        await story.SeeNothingOfTheBuildAsync("four");
        await SeePageAsync(page, "the second page", slipway);

        // Without Git, registry, builder and the old object, the first page comes back.
        await slipway.ApplyAsync(await OperatorManifests.OfChartAsync(cluster, []));
        await using var outage = await cluster.WithoutSourcesAsync();
        await cluster.Server.DeleteAsync(scope.Slipways("deployments", "one"));
        await story.ReleaseAsync("five", $"rollback: {{version: \"{one.Text("status.version")}\"}}");
        var five = await story.SeeAsync("five", "Active");
        five.Text("status.rollbackOf").ShouldBe(one.Text("status.version"));
        five.Text("status.imageReference").ShouldBe(one.Text("status.imageReference"));
        await story.SeeAsync("two", "RolledBack");
        await SeePageAsync(page, "the first page", slipway);
    }

    private static string Git(GitRepository repository, string revision) => $"git: {{url: \"{repository.Url}\", revision: {revision}}}";

    /// <summary>Every phase that anybody could see, in order.</summary>
    private static IEnumerable<string> PhasesOf(string name, WatchRecorder recorder)
    {
        var seen = recorder.States
            .Select(state => state.FirstOrDefault(release => release.Text("metadata.name") == name).Text("status.phase"))
            .OfType<string>().ToList();
        return seen.Where((phase, index) => index == 0 || seen[index - 1] != phase);
    }

    /// <summary>Registry, status, workload and pods name one digest.</summary>
    private async Task SeeThePushedImageRunAsync(TestNamespace scope, JsonNode release)
    {
        var image = release.Text("status.imageReference")!;
        var digest = image.Split('@')[1];
        image.ShouldBe($"{cluster.Registry}/{scope.Name}/web:{release.Text("status.version")}@{digest}");
        (await cluster.DigestAsync($"{scope.Name}/web", release.Text("status.version")!)).ShouldBe(digest);
        var workload = await cluster.Server.GetAsync(scope.Apps("deployments", "web"));
        workload.Items("spec.template.spec.containers").Single().Text("image").ShouldBe(image);
        var pods = (await cluster.Server.ListAsync(scope.Core("pods"))).Where(pod => pod.Label("slipway.dev/version") == release.Text("status.version")
            && pod.Label("slipway.dev/stack") is not null).ToList();
        pods.Count.ShouldBe(2);
        pods.ShouldAllBe(pod => pod.Items("status.containerStatuses").Single().Text("imageID")!.EndsWith($"@{digest}", StringComparison.Ordinal));
    }

    private static Task SeePageAsync(Uri page, string text, OperatorInstallation slipway) =>
        Eventually.See($"{page}: {text}", () => ReadAsync(page), body => body.Contains(text, StringComparison.Ordinal), slipway.TellAsync);

    private static async Task<string> ReadAsync(Uri page)
    {
        try
        {
            return await Http.GetStringAsync(page);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return exception.Message;
        }
    }
}
