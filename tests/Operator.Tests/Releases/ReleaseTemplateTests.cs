using Shouldly;
using Slipway.Operator.Releases;
using Xunit;

namespace Slipway.Operator.Tests.Releases;

public sealed class ReleaseTemplateTests
{
    private static readonly IReadOnlyDictionary<string, string> NoLabels = new Dictionary<string, string>();

    [Fact]
    public void Survives_the_ledger_to_the_letter()
    {
        var template = ReleaseTemplate.Of(Samples.Stack(podSpec: """{"containers":[{"name":"app","someday":{"x":[1,null,"ü"]}}]}""").Spec);

        var restored = ReleaseTemplate.Parse(template.ToJson()).Render("web:1", NoLabels);

        restored.GetProperty("spec").GetRawText().ShouldBe(template.Render("web:1", NoLabels).GetProperty("spec").GetRawText());
        restored.GetProperty("spec").GetProperty("containers")[0].GetProperty("someday").GetProperty("x").GetArrayLength().ShouldBe(3);
    }

    [Theory]
    [InlineData("""{"containers":[]}""", "at least one container")]
    [InlineData("""{}""", "at least one container")]
    [InlineData("""{"containers":[{"name":"web"}]}""", "web")]
    public void Says_why_it_cannot_run_a_release(string podSpec, string problem) =>
        ReleaseTemplate.Of(Samples.Stack(podSpec: podSpec).Spec).Problem()!.ShouldContain(problem);

    [Fact]
    public void Finds_released_containers_among_init_containers_too()
    {
        var stack = Samples.Stack(podSpec: """{"initContainers":[{"name":"migrate"}],"containers":[{"name":"app"}]}""");
        var template = ReleaseTemplate.Of(stack.Spec with { Containers = ["app", "migrate"] });

        template.Problem().ShouldBeNull();
        template.Render("web:1", NoLabels).GetProperty("spec").GetProperty("initContainers")[0].GetProperty("image").GetString().ShouldBe("web:1");
    }

    [Theory]
    [InlineData("""{"containers":[{"name":"app","imagePullPolicy":"Never"}]}""", true)]
    [InlineData("""{"containers":[{"name":"app","imagePullPolicy":"IfNotPresent"}]}""", false)]
    [InlineData("""{"containers":[{"name":"app"}]}""", false)]
    public void Needs_no_registry_when_the_image_is_never_pulled(string podSpec, bool onlyFromNode) =>
        ReleaseTemplate.Of(Samples.Stack(podSpec: podSpec).Spec).OnlyFromNode().ShouldBe(onlyFromNode);

    [Fact]
    public void Puts_our_labels_over_the_users()
    {
        var stack = Samples.Stack();
        var template = ReleaseTemplate.Of(stack.Spec with
        {
            Template = stack.Spec.Template with
            {
                Metadata = new() { Labels = new Dictionary<string, string> { ["mine"] = "yes", ["slipway.dev/stack"] = "spoofed" } },
            },
        });

        var labels = template.Render("web:1", ReleaseLabels.Selector("shop")).GetProperty("metadata").GetProperty("labels");

        labels.GetProperty("mine").GetString().ShouldBe("yes");
        labels.GetProperty("slipway.dev/stack").GetString().ShouldBe("shop");
    }
}
