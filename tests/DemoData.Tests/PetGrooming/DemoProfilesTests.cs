using Shouldly;
using Slipway.DemoData.PetGrooming;
using Xunit;

namespace Slipway.DemoData.Tests.PetGrooming;

public sealed class DemoProfilesTests
{
    [Theory]
    [InlineData("dev", DemoProfile.Dev)]
    [InlineData("uat", DemoProfile.Uat)]
    [InlineData("demo", DemoProfile.Demo)]
    [InlineData("DEMO", DemoProfile.Demo)]
    public void A_profile_is_known_by_its_name(string name, DemoProfile expected)
    {
        DemoProfiles.TryParse(name, out var profile).ShouldBeTrue();
        profile.ShouldBe(expected);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("Dev,Uat")]
    [InlineData("production")]
    public void Nothing_else_is_a_profile(string? name) => DemoProfiles.TryParse(name, out _).ShouldBeFalse();

    [Fact]
    public void All_have_a_name_by_which_they_are_found()
    {
        DemoProfiles.Names.ShouldBe(["dev", "uat", "demo"]);
        DemoProfiles.Names.Select(name => DemoProfiles.TryParse(name, out var profile) ? profile : default)
            .ShouldBe(Enum.GetValues<DemoProfile>());
    }
}
