using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Cluster;

namespace Slipway.EndToEnd.Permissions;

/// <summary>Everything that operators need a permission for, once.</summary>
public sealed class PermissionStory(NodeCluster cluster, TestNamespace scope, OperatorInstallation slipway)
{
    private const string Teams = "/apis/slipway.dev/v1alpha1/teams";

    private readonly Story _story = new(scope, slipway);

    public async Task TellAsync()
    {
        var image = await cluster.PinnedImageAsync("web", "permissions");
        await Task.WhenAll(
            SeeATeamComeAndGoAsync(), SeeAnEventRepeatedAsync(), SeeABuildThatDoesNotStartAsync(), SeeLastWordsAsync(image), SeeAHistoryAsync(image));
        await SeeRacesLostAsync("EnvPatch", scope.Slipways("envpatches"), """{"stack": "nobody", "set": {"A": "b"}}""");
        await SeeRacesLostAsync("Deployment", scope.Slipways("deployments"), $$$"""{"stack": "nobody", "source": {"image": "{{{image}}}"}}""");
        await SeeRacesLostAsync("Stack", scope.Slipways("stacks"), """{"template": {"spec": {"containers": [{"name": "app"}]}}}""");
        await SeeRacesLostAsync("Team", Teams, """{"displayName": "raced", "owner": "jane@example.com"}""");
        await scope.Kubectl("delete", "teams", "--selector", $"{LocalCluster.TestLabel.Key}=true");
    }

    private async Task SeeATeamComeAndGoAsync()
    {
        var team = $"{Teams}/{scope.Name}";
        await CreateAsync("Team", Teams, scope.Name, JsonNode.Parse("""{"displayName": "Some", "owner": "jane@example.com"}""")!);
        await SeeAsync(team, seen => seen.ConditionText("Ready").StartsWith("True", StringComparison.Ordinal));
        await cluster.Server.DeleteAsync(team);
        await SeeAsync(team, seen => seen is null);
    }

    /// <summary>The second time, an event that is there is counted.</summary>
    private async Task SeeAnEventRepeatedAsync()
    {
        await ApplyStackAsync("repeated", "{}");
        for (var times = 0; times < 2; times++)
        {
            await ChangeAsync("repeated", """{"build": {"registrySecret": "No Name"}}""");
            await SeeAsync(scope.Slipways("stacks", "repeated"), seen => seen.ConditionText("Stalled").StartsWith("True", StringComparison.Ordinal));
            await ChangeAsync("repeated", """{"build": null}""");
            await SeeAsync(scope.Slipways("stacks", "repeated"), seen => !seen.ConditionText("Stalled").StartsWith("True", StringComparison.Ordinal));
        }

        await Eventually.See(
            "an event that is counted",
            () => scope.Server.ListAsync(scope.Events),
            events => events.Any(one => one.Number("series.count") > 1),
            slipway.TellAsync);
    }

    private async Task SeeABuildThatDoesNotStartAsync()
    {
        var repository = await cluster.NewRepositoryAsync();
        await repository.CommitAsync(Page.Says("never built"));
        await ApplyStackAsync("unbuilt", """{"build": {"registrySecret": "absent"}, "policy": {"buildTimeoutSeconds": 30}}""");
        await _story.ReleaseAsync("unbuilt", $"git: {{url: \"{repository.Url}\", revision: main}}", stack: "unbuilt");
        var failed = await _story.SeeAsync("unbuilt", "Failed");
        failed.Text("status.failure.message")!.ShouldContain("absent");
        await _story.SeeNothingOfTheBuildAsync("unbuilt");
    }

    /// <summary>Never ready: without a probe a pod is ready while its container runs, however short that is.</summary>
    private async Task SeeLastWordsAsync(string image)
    {
        await ApplyStackAsync("broken", """
            {"service": {"port": 80}, "policy": {"progressDeadlineSeconds": 30},
             "template": {"spec": {"containers": [{"name": "app", "readinessProbe": {"exec": {"command": ["false"]}},
              "command": ["sh", "-c", "echo these are my last words; exit 3"]}]}}}
            """);
        await _story.ReleaseAsync("broken", $"image: \"{image}\"", stack: "broken");
        var failed = await _story.SeeAsync("broken", "Failed");
        failed.Text("status.failure.logTail")!.Trim().ShouldBe("these are my last words");
        await DeleteStackAsync("broken");
        await SeeAsync(scope.Apps("deployments", "broken"), seen => seen is null);
        await SeeAsync(scope.Core("services", "broken"), seen => seen is null);
    }

    /// <summary>A private image, variables from a Secret, releases beyond those that are kept, and the end of a stack whose workload stays.</summary>
    private async Task SeeAHistoryAsync(string image)
    {
        await scope.Kubectl("create", "secret", "docker-registry", "pull", "--docker-server=registry.example", "--docker-username=jane", "--docker-password=x");
        await scope.Apply("""
            apiVersion: v1
            kind: Secret
            metadata: {name: words, labels: {slipway.dev/env: "true"}}
            stringData: {WORD: first}
            """);
        await ApplyStackAsync("kept", """
            {"service": {"port": 80, "targetPort": 8080}, "env": {"A": "0"}, "policy": {"historyLimit": 1}, "deletionPolicy": "Orphan",
             "template": {"spec": {"imagePullSecrets": [{"name": "pull"}], "terminationGracePeriodSeconds": 1, "containers": [{"name": "app"}]}}}
            """);
        await _story.ReleaseAsync("kept", $"image: \"{image}\"", stack: "kept");
        await _story.SeeAsync("kept", "Active");
        var first = await PatchAsync("one", "setFrom: [{name: words}]");
        await PatchAsync("two", "set: {A: \"2\"}");
        await PatchAsync("three", "set: {A: \"3\"}");
        await SeeAsync(scope.Slipways("deployments", first), seen => seen is null);

        await ChangeAsync("kept", """{"service": null}""");
        await SeeAsync(scope.Core("services", "kept"), seen => seen is null);
        await DeleteStackAsync("kept");
        (await scope.Server.GetAsync(scope.Apps("deployments", "kept"))).Annotation("slipway.dev/orphaned-from").ShouldBe("kept");
    }

    /// <returns>The release that brings the variables to what runs.</returns>
    private async Task<string> PatchAsync(string name, string changes)
    {
        await scope.Apply($$$"""
            apiVersion: slipway.dev/v1alpha1
            kind: EnvPatch
            metadata: {name: {{{name}}}}
            spec: {stack: kept, {{{changes}}}}
            """);
        var patch = await SeeAsync(scope.Slipways("envpatches", name), seen => seen.Text("status.deployment") is not null);
        var release = patch.Text("status.deployment")!;
        await _story.SeeAsync(release, "Active");
        return release;
    }

    /// <summary>An object is read when it was changed by others while its status was written: changes them until that has happened.</summary>
    private Task<IReadOnlyCollection<Request>> SeeRacesLostAsync(string kind, string path, string spec)
    {
        var tries = 0;
        return Eventually.See(
            $"a {kind} is read once more",
            async () =>
            {
                var name = $"{scope.Name}-{++tries}";
                await CreateAsync(kind, path, name, JsonNode.Parse(spec)!);
                for (var change = 0; change < 20; change++)
                {
                    await scope.Server.MergeAsync(
                        $"{path}/{name}", JsonNode.Parse($$$$"""{"metadata": {"annotations": {"example.com/change": "{{{{change}}}}"}}}""")!);
                }

                return await cluster.Requests.SeenAsync();
            },
            seen => seen.Any(request => request is { Group: "slipway.dev", Verb: "get" } && path.EndsWith($"/{request.Resource}", StringComparison.Ordinal)),
            slipway.TellAsync);
    }

    private Task<JsonNode> CreateAsync(string kind, string path, string name, JsonNode spec) => scope.Server.CreateAsync(path, new JsonObject
    {
        ["apiVersion"] = "slipway.dev/v1alpha1",
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { [LocalCluster.TestLabel.Key] = "true" } },
        ["spec"] = spec,
    });

    private Task<JsonNode> ApplyStackAsync(string name, string spec)
    {
        var all = JsonNode.Parse(spec)!.AsObject();
        all["replicas"] = 1;
        all["template"] ??= JsonNode.Parse("""{"spec": {"containers": [{"name": "app"}]}}""");
        return CreateAsync("Stack", scope.Slipways("stacks"), name, all);
    }

    private Task<JsonNode> ChangeAsync(string stack, string spec) =>
        scope.Server.MergeAsync(scope.Slipways("stacks", stack), new JsonObject { ["spec"] = JsonNode.Parse(spec) });

    private async Task DeleteStackAsync(string name)
    {
        await scope.Server.DeleteAsync(scope.Slipways("stacks", name));
        await SeeAsync(scope.Slipways("stacks", name), seen => seen is null);
    }

    private Task<JsonNode?> SeeAsync(string path, Func<JsonNode?, bool> holds) =>
        Eventually.See(path, () => scope.Server.GetAsync(path), holds, slipway.TellAsync);
}
