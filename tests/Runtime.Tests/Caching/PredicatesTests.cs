using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Runtime.Caching;
using Xunit;

namespace Slipway.Runtime.Tests.Caching;

public sealed class PredicatesTests
{
    private static readonly Widget Before = Widget.Named("a", 1);

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

    [Fact]
    public void Sees_each_by_itself_what_it_is_named_after()
    {
        static ObjectMeta Nothing(ObjectMeta metadata) => metadata;
        static ObjectMeta Version(ObjectMeta metadata) => metadata with { ResourceVersion = "2" };
        static ObjectMeta Generation(ObjectMeta metadata) => metadata with { Generation = 2 };
        static ObjectMeta Labels(ObjectMeta metadata) => metadata with { Labels = new Dictionary<string, string> { ["a"] = "b" } };
        static ObjectMeta Annotations(ObjectMeta metadata) => metadata with { Annotations = new Dictionary<string, string> { ["a"] = "b" } };
        Func<ObjectMeta, ObjectMeta>[] changes = [Nothing, Version, Generation, Labels, Annotations];

        Seen(Predicates.ResourceVersionChanged).ShouldBe([Version]);
        Seen(Predicates.GenerationChanged).ShouldBe([Generation]);
        Seen(Predicates.LabelsChanged).ShouldBe([Labels]);
        Seen(Predicates.AnnotationsChanged).ShouldBe([Annotations]);

        IEnumerable<Func<ObjectMeta, ObjectMeta>> Seen(Func<StoreChange<Widget>, bool> predicate) =>
            changes.Where(change => predicate(new StoreChange<Widget>(Before, Before.With(change), false)));
    }

    [Fact]
    public void Counts_births_deaths_and_namesakes_whatever_is_asked()
    {
        Func<StoreChange<Widget>, bool>[] all =
        [
            Predicates.SpecOrMetadataChanged, Predicates.ResourceVersionChanged, Predicates.GenerationChanged,
            Predicates.LabelsChanged, Predicates.AnnotationsChanged,
        ];

        foreach (var predicate in all)
        {
            predicate(new StoreChange<Widget>(null, Before, false)).ShouldBeTrue();
            predicate(new StoreChange<Widget>(Before, null, false)).ShouldBeTrue();
            predicate(new StoreChange<Widget>(Before, Before.With(metadata => metadata with { Uid = "other" }), false)).ShouldBeTrue();
            predicate(new StoreChange<Widget>(Before, Before, false)).ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Combines(bool one, bool other)
    {
        var change = new StoreChange<Widget>(Before, Before, false);
        Func<StoreChange<Widget>, bool> first = _ => one;

        first.And(_ => other)(change).ShouldBe(one && other);
        first.Or(_ => other)(change).ShouldBe(one || other);
        first.Not()(change).ShouldBe(!one);
    }

    private static bool Counts(Widget after) => Predicates.SpecOrMetadataChanged(new StoreChange<Widget>(Before, after, false));
}
