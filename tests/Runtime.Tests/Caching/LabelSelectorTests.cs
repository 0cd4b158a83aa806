using Shouldly;
using Slipway.Runtime.Caching;
using Xunit;

namespace Slipway.Runtime.Tests.Caching;

public sealed class LabelSelectorTests
{
    [Theory]
    [InlineData(null, true, true)]
    [InlineData("", true, true)]
    [InlineData("app=web", true, false)]
    [InlineData("app==web", true, false)]
    [InlineData(" app = web ", true, false)]
    [InlineData("app=api", false, false)]
    [InlineData("app!=api", true, true)]
    [InlineData("app != web", false, true)]
    [InlineData("app", true, false)]
    [InlineData("!app", false, true)]
    [InlineData("app in (api, web)", true, false)]
    [InlineData("app in (api)", false, false)]
    [InlineData("app in(web)", true, false)]
    [InlineData("app notin (api,web)", false, true)]
    [InlineData("app notin (api)", true, true)]
    [InlineData("app=web,example.com/tier in (front,back),!canary", true, false)]
    [InlineData("app=web,example.com/tier notin (front),!canary", false, false)]
    [InlineData("empty=", true, false)]
    [InlineData("in in (in)", false, false)]
    public void Matches_as_the_server_does(string? selector, bool web, bool bare)
    {
        var labels = new Dictionary<string, string> { ["app"] = "web", ["example.com/tier"] = "front", ["empty"] = "" };

        LabelSelector.Parse(selector).Matches(labels).ShouldBe(web);
        LabelSelector.Parse(selector).Matches(null).ShouldBe(bare);
    }

    [Theory]
    [InlineData("app>5")]
    [InlineData("app in web")]
    [InlineData("app=web,")]
    [InlineData("app=a b")]
    public void Refuses_what_it_cannot_understand_and_says_what_it_can(string selector) =>
        Should.Throw<ArgumentException>(() => LabelSelector.Parse(selector)).Message.ShouldContain("use key=value");
}
