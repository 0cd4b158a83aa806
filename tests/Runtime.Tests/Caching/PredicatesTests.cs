using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Runtime.Caching;
using Xunit;

namespace Slipway.Runtime.Tests.Caching;

public sealed class PredicatesTests
{
    private static readonly Widget Before = Widget.Named("a", 1);

    [Fact]
    public void Sees_births_and_deaths()
    {
        Predicates.SpecOrMetadataChanged(new StoreChange<Widget>(null, Before, true)).ShouldBeTrue();
        Predicates.SpecOrMetadataChanged(new StoreChange<Widget>(Before, null, false)).ShouldBeTrue();
    }

    [Fact]
    public void Overlooks_status_writes() =>
        Counts(Before.With(metadata => metadata with { ResourceVersion = "2" }) with { Status = new WidgetStatus { Phase = "Done" } }).ShouldBeFalse();

    [Fact]
    public void Sees_what_a_controller_acts_upon()
    {
        Counts(Before.With(metadata => metadata with { Generation = 2 })).ShouldBeTrue();
        Counts(Before.With(metadata => metadata with { Labels = new Dictionary<string, string> { ["a"] = "b" } })).ShouldBeTrue();
        Counts(Before.With(metadata => metadata with { Annotations = new Dictionary<string, string> { ["a"] = "b" } })).ShouldBeTrue();
        Counts(Before.With(metadata => metadata with { Finalizers = ["f"] })).ShouldBeTrue();
        Counts(Before.With(metadata => metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch })).ShouldBeTrue();
        Counts(Before.With(metadata => metadata with { Uid = "other" })).ShouldBeTrue();
        Counts(Before.OwnedBy("x")).ShouldBeTrue();
    }

    [Fact]
    public void Compares_maps_and_lists_by_content()
    {
        static ObjectMeta Fill(ObjectMeta metadata) =>
            metadata with { Labels = new Dictionary<string, string> { ["a"] = "b", ["c"] = "d" }, Finalizers = ["f"] };
        Predicates.SpecOrMetadataChanged(new StoreChange<Widget>(Before.With(Fill), Before.With(Fill), false)).ShouldBeFalse();
        Counts(Before.With(metadata => metadata with { Labels = new Dictionary<string, string>() })).ShouldBeFalse();
    }

    private static bool Counts(Widget after) => Predicates.SpecOrMetadataChanged(new StoreChange<Widget>(Before, after, false));
}
