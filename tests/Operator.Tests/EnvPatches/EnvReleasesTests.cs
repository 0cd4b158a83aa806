using Shouldly;
using Slipway.Operator.EnvPatches;
using Slipway.Operator.Releases;
using Xunit;

namespace Slipway.Operator.Tests.EnvPatches;

public sealed class EnvReleasesTests
{
    [Fact]
    public void A_release_is_named_after_its_patch_and_revision()
    {
        EnvReleases.NameOf("shop-log", 12, "", taken: false).ShouldBe("shop-log-env-12");
        EnvReleases.NameOf("shop-log", 12, "", taken: true).ShouldStartWith("shop-log-env-12-");
        EnvReleases.NameOf("shop-log", 12, "once more", taken: false).ShouldStartWith("shop-log-env-12-");
    }

    [Fact]
    public void Names_fit_and_differ_however_long_those_of_patches_are()
    {
        string[] patches = [new('a', 63), new string('a', 62) + "b", new string('a', 50) + "-" + new string('c', 12), "a"];

        var names = (
            from patch in patches
            from revision in (long[])[1, 2, 12, 123_456_789_012]
            from token in (string[])["", "a", "b"]
            from taken in (bool[])[false, true]
            select EnvReleases.NameOf(patch, revision, token, taken)).ToList();

        names.ShouldBeUnique();
        names.ShouldAllBe(name => name.Length <= 63);
        names.ShouldAllBe(name => !name.Contains("--", StringComparison.Ordinal) && !name.Contains('.'));
        EnvReleases.NameOf(patches[0], 1, "a", taken: true).ShouldBe(EnvReleases.NameOf(patches[0], 1, "a", taken: true), "made again it is the same");
    }

    [Theory]
    [InlineData(60, "-1")]
    [InlineData(61, "-1")]
    [InlineData(62, "-1")]
    [InlineData(63, "-generation-77")]
    public void Only_a_name_that_does_not_fit_is_cut(int length, string suffix)
    {
        var name = new string('n', length);

        var made = MadeDeployments.NameOf(name, suffix);

        made.Length.ShouldBeLessThanOrEqualTo(63);
        made.ShouldEndWith(suffix);
        made.StartsWith(name, StringComparison.Ordinal).ShouldBe(length + suffix.Length <= 63);
    }
}
