using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Crds;
using Slipway.Testing;
using Xunit;

namespace Slipway.Operator.Tests.GitOps;

/// <summary>Whoever waits for an object waits exactly as long as there is something to wait for: Flux and Helm by kstatus, Argo CD by our script.</summary>
public sealed class HealthTests
{
    private static readonly string[] Names = ["Deployment", "EnvPatch", "Stack", "Team"];

    public static TheoryData<string> Kinds => new(Names);

    [Fact]
    public void For_kstatus_only_what_is_done_is_current_and_what_needs_a_person_has_failed()
    {
        var misread = ShownStatus.All.Where(shown => Kstatus.Of(shown.Object) != shown.Standing switch
        {
            // That a Stack is suspended is how it was asked to be.
            Standing.Done => "Current",
            Standing.Paused => shown.Name == "Stack suspended" ? "Current" : "InProgress",
            Standing.UnderWay => "InProgress",
            Standing.Stuck => "Failed",
        });

        misread.Select(shown => $"{shown.Name}: {Kstatus.Of(shown.Object)}\n{shown.Object["status"]}").ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Argo_CD_says_the_same_with_the_operators_words(string kind)
    {
        foreach (var shown in ShownStatus.All.Where(shown => shown.Object.Text("kind") == kind))
        {
            var (status, message) = await ArgoLua.HealthAsync(shown.Object);

            status.ShouldBe(
                shown.Standing switch
                {
                    Standing.Done => "Healthy",
                    Standing.Paused => "Suspended",
                    Standing.UnderWay => "Progressing",
                    Standing.Stuck => "Degraded",
                },
                shown.Name);
            shown.Object.Items("status.conditions").Select(condition => condition.Text("message")!)
                .ShouldContain(said => message.EndsWith(said, StringComparison.Ordinal), $"{shown.Name}: {message}");
        }
    }

    /// <summary>Reconciling beside Stalled is read as what stands first. A release in flight goes on to its end whatever is edited, and only then is stuck.</summary>
    [Fact]
    public void Nothing_is_under_way_and_stuck_at_once_but_a_release_that_was_edited_in_flight() =>
        ShownStatus.All.Where(shown => shown.Object.Condition("Reconciling") is not null && shown.Object.Condition("Stalled") is not null)
            .Select(shown => $"{shown.Name}: {Kstatus.Of(shown.Object)}").ShouldBe(["Deployment edited in flight: InProgress"]);

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_nobody_has_looked_at_is_under_way_also_after_an_edit_and_also_when_it_goes(string kind)
    {
        var done = ShownStatus.All.First(shown => shown.Object.Text("kind") == kind && shown.Standing == Standing.Done).Object;
        var generation = done.Number("metadata.generation")!.Value;

        var unseen = With(done, "status", null);
        var byDefault = With(done, "status", new JsonObject { ["observedGeneration"] = -1L });
        var edited = With(done, "metadata", With(done["metadata"]!, "generation", generation + 1));
        var going = With(done, "metadata", With(done["metadata"]!, "deletionTimestamp", "2026-11-22T12:00:00Z"));

        foreach (var item in (JsonObject[])[unseen, byDefault, edited, going])
        {
            (await ArgoLua.HealthAsync(item)).Status.ShouldBe("Progressing", item.ToJsonString());
        }

        ((JsonObject[])[byDefault, edited]).ShouldAllBe(item => Kstatus.Of(item) == "InProgress");
        Kstatus.Of(going).ShouldBe("Terminating");
    }

    /// <summary>Of every kind that the chart's definitions have, and of no other.</summary>
    [Fact]
    public void Every_kind_has_the_same_script()
    {
        var folders = Directory.GetDirectories(Repository.PathOf($"gitops/argocd/resource_customizations/{WellKnown.Group}"));

        folders.Select(folder => Path.GetFileName(folder)).ShouldBe(Names, ignoreOrder: true);
        folders.Select(folder => File.ReadAllText($"{folder}/health.lua")).Distinct().ShouldHaveSingleItem();
    }

    private static JsonObject With(JsonNode item, string member, JsonNode? value)
    {
        var copy = item.DeepClone().AsObject();
        copy.Remove(member);
        if (value is not null)
        {
            copy[member] = value.DeepClone();
        }

        return copy;
    }
}
