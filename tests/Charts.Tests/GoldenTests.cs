using Shouldly;
using Xunit;

namespace Slipway.Charts.Tests;

/// <summary>What the chart makes of values. <c>UPDATE_GOLDEN=1</c> rewrites what is expected; then look at the difference.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Cases() => new(Case.Names);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Values_make_the_manifests_that_are_expected(string name)
    {
        var it = new Case(name);
        // The definitions are in config/crd already; KustomizeTests compares them.
        var text = await Helm.TemplateAsync(it.Server, "--values", it.Values, "--set", "crds.install=false");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(it.Expected, text);
        }

        text.ShouldBe(await File.ReadAllTextAsync(it.Expected));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Lint_finds_nothing(string name)
    {
        var result = await Helm.RunAsync("lint", Helm.Chart, "--strict", "--values", new Case(name).Values);

        result.ExitCode.ShouldBe(0, result.Output);
    }
}
