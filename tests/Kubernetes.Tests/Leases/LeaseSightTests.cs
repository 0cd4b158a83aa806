using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Kubernetes.Leases;
using Slipway.Kubernetes.Resources;
using Slipway.Testing;
using Xunit;

namespace Slipway.Kubernetes.Tests.Leases;

/// <summary>When may a lease be taken? By the own clock, and by what changed.</summary>
public sealed class LeaseSightTests
{
    private readonly FakeClock _clock = new();
    private readonly LeaseSight _sight;

    public LeaseSightTests() => _sight = new LeaseSight(_clock, TimeSpan.FromSeconds(15));

    [Fact]
    public void A_lease_that_nobody_holds_is_free()
    {
        _sight.FreeIn().ShouldBe(TimeSpan.Zero);
        _sight.Read(Lease(1, holder: ""));
        _sight.FreeIn().ShouldBe(TimeSpan.Zero);
        _sight.Read(Lease(2, holder: null));
        _sight.FreeIn().ShouldBe(TimeSpan.Zero);
    }

    /// <summary>Its times may be of yesterday or of tomorrow: other clocks are not ours.</summary>
    [Fact]
    public void However_old_it_says_it_is_it_is_watched_for_its_whole_duration()
    {
        _sight.Read(Lease(1));
        _clock.Advance(TimeSpan.FromSeconds(14));
        _sight.FreeIn().ShouldBe(TimeSpan.FromSeconds(1));
        _clock.Advance(TimeSpan.FromSeconds(1));
        _sight.FreeIn().ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Each_change_begins_the_time_anew_and_another_version_alone_does_not()
    {
        _sight.Read(Lease(1));
        _clock.Advance(TimeSpan.FromSeconds(10));
        _sight.Read(Lease(2));
        _sight.FreeIn().ShouldBe(TimeSpan.FromSeconds(5), "somebody only labelled it");
        _sight.Read(Lease(3, renewed: 9));
        _sight.FreeIn().ShouldBe(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public void The_duration_that_counts_is_its_holders()
    {
        _sight.Read(Lease(1, duration: 40));
        _sight.FreeIn().ShouldBe(TimeSpan.FromSeconds(40));
        _sight.Read(Lease(2, duration: null));
        _sight.FreeIn().ShouldBe(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public void Late_news_of_a_watch_changes_nothing()
    {
        _sight.Read(Lease(20));
        _clock.Advance(TimeSpan.FromSeconds(10));
        _sight.Hear(Lease(9, holder: ""));
        _sight.Hear(Lease(10, renewed: 3));
        _sight.FreeIn().ShouldBe(TimeSpan.FromSeconds(5));
        _sight.Hear(Lease(21, holder: ""));
        _sight.FreeIn().ShouldBe(TimeSpan.Zero);
    }

    private static V1Lease Lease(int version, string? holder = "other", int? duration = 15, int renewed = 0) => new()
    {
        Metadata = new ObjectMeta { Name = "lock", Namespace = "ns", Uid = "uid", ResourceVersion = $"{version}" },
        Spec = new V1LeaseSpec
        {
            HolderIdentity = holder,
            LeaseDurationSeconds = duration,
            RenewTime = new DateTimeOffset(1999, 1, 1, 0, 0, renewed, TimeSpan.Zero),
            LeaseTransitions = 3,
        },
    };
}
