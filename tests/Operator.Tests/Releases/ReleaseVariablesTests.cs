using System.Text.Json;
using Shouldly;
using Slipway.Operator.Releases;
using Slipway.Operator.Stacks;
using Xunit;

namespace Slipway.Operator.Tests.Releases;

public sealed class ReleaseVariablesTests
{
    private const string PodSpec = """
        {
          "initContainers": [{"name": "migrate", "env": [{"name": "B", "value": "own"}]}, {"name": "other"}],
          "containers": [
            {"name": "app",
             "env": [{"name": "A", "value": "own"}, {"name": "B", "value": "own"}, {"name": "C", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}],
             "envFrom": [{"configMapRef": {"name": "more"}}]},
            {"name": "sidecar", "env": [{"name": "A", "value": "own"}]}
          ]
        }
        """;

    private static readonly ReleaseVariables Variables = new(EnvSecrets.NameOf(Samples.StackUid, 7), ["A", "C"]);

    [Fact]
    public void Come_last_so_that_they_win_over_other_sources() =>
        Render("app").GetProperty("containers")[0].GetProperty("envFrom").GetRawText()
            .ShouldBe($$$"""[{"configMapRef":{"name":"more"}},{"secretRef":{"name":"{{{Variables.Secret}}}"}}]""");

    /// <summary>An entry wins over every source, so a patch of its name would have no effect.</summary>
    [Fact]
    public void Take_the_place_of_the_templates_entries_of_the_same_name() =>
        Render("app").GetProperty("containers")[0].GetProperty("env").GetRawText().ShouldBe("""[{"name":"B","value":"own"}]""");

    [Fact]
    public void Reach_the_released_containers_only_init_containers_included()
    {
        var pods = Render("app", "migrate");

        pods.GetProperty("containers")[1].GetRawText().ShouldBe("""{"name":"sidecar","env":[{"name":"A","value":"own"}]}""");
        pods.GetProperty("initContainers")[1].GetRawText().ShouldBe("""{"name":"other"}""");
        pods.GetProperty("initContainers")[0].GetProperty("envFrom").GetArrayLength().ShouldBe(1);
        pods.GetProperty("initContainers")[0].GetProperty("env").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public void Are_taken_out_again_without_a_trace_of_theirs()
    {
        var spec = Samples.Stack(podSpec: PodSpec).Spec with { Containers = ["app", "migrate"] };
        var template = ReleaseTemplate.Of(spec);
        var rendered = template with { Template = template.Template with { Spec = template.Render("web:1", new Dictionary<string, string>(), Variables).GetProperty("spec") } };

        var bare = rendered.Without(EnvSecrets.IsOne).ToJson();

        bare.ShouldNotContain("slipway-env-");
        bare.ShouldContain("configMapRef");
        rendered.Without(EnvSecrets.IsOne).Template.Spec.GetProperty("initContainers")[0].TryGetProperty("envFrom", out _).ShouldBeFalse();
        template.Without(EnvSecrets.IsOne).ToJson().ShouldBe(template.ToJson());
    }

    private static JsonElement Render(params string[] containers) =>
        ReleaseTemplate.Of(Samples.Stack(podSpec: PodSpec).Spec with { Containers = containers })
            .Render("web:1", new Dictionary<string, string>(), Variables).GetProperty("spec");
}
