using Shouldly;
using Slipway.Crds.V1Alpha1.Deployments;
using Xunit;

namespace Slipway.Crds.Tests;

public sealed class ReleaseSourceTests
{
    [Fact]
    public void Tells_which_of_its_fields_are_set()
    {
        new ReleaseSource().Kinds().ShouldBeEmpty();
        new ReleaseSource { Image = "a" }.Kinds().ShouldBe(["image"]);
        new ReleaseSource
        {
            Image = "a",
            Git = new GitSource { Url = "u" },
            Oci = new OciSource { Reference = "r" },
            Archive = new ArchiveSource { ConfigMap = "c" },
            Current = new CurrentSource(),
            Rollback = new RollbackSource { Version = "20261122.1" },
        }.Kinds().ShouldBe(["image", "git", "oci", "archive", "current", "rollback"]);
    }
}
