using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Runtime.Caching;
using Xunit;

namespace Slipway.Runtime.Tests.Caching;

public sealed class StoreTests
{
    private static readonly HashSet<NamespacedName> None = [];
    private readonly Store<Widget> _store = new();

    [Fact]
    public void Never_goes_back_to_an_older_version()
    {
        _store.Set(Widget.Named("a", 100, size: 2));
        _store.Set(Widget.Named("a", 99, size: 1)).ShouldBeEmpty();
        _store.Set(Widget.Named("a", 100, size: 1)).ShouldBeEmpty();
        _store.Get(Widget.Key("a"))!.Spec!.Size.ShouldBe(2);
    }

    [Fact]
    public void Tells_of_everything_that_differs_from_a_list()
    {
        List(10, Widget.Named("kept", 1), Widget.Named("changed", 2), Widget.Named("deleted", 3), Widget.Named("reborn", 4, "old"));

        var changes = List(
            20, Widget.Named("kept", 1), Widget.Named("changed", 12), Widget.Named("created", 13), Widget.Named("reborn", 14, "new"));

        changes.Select(change => (change.Old?.Metadata.Name, change.New?.Metadata.Name, change.Initial)).ShouldBe(
            [
                ("changed", "changed", false), (null, "created", false),
                ("reborn", null, false), (null, "reborn", false), ("deleted", null, false),
            ]);
    }

    [Fact]
    public void Marks_the_first_list_as_initial_and_only_that()
    {
        _store.HasSynced.ShouldBeFalse();
        List(10, Widget.Named("a", 1)).ShouldHaveSingleItem().Initial.ShouldBeTrue();
        _store.HasSynced.ShouldBeTrue();
        List(20, Widget.Named("a", 1), Widget.Named("b", 11)).ShouldHaveSingleItem().Initial.ShouldBeFalse();
    }

    [Fact]
    public void Keeps_own_writes_that_a_list_does_not_know_yet()
    {
        List(10, Widget.Named("a", 5));
        _store.Observe(Widget.Named("a", 15, size: 1)).Count.ShouldBe(1);
        _store.Observe(Widget.Named("b", 16)).Count.ShouldBe(1);

        List(12, Widget.Named("a", 5)).ShouldBeEmpty();

        _store.Get(Widget.Key("a"))!.Spec!.Size.ShouldBe(1);
        _store.Get(Widget.Key("b")).ShouldNotBeNull();
    }

    [Fact]
    public void Does_not_bring_a_deleted_object_back_by_an_own_write_that_comes_late()
    {
        List(10, Widget.Named("a", 5));
        _store.Remove(Widget.Named("a", 21));

        _store.Observe(Widget.Named("a", 20)).ShouldBeEmpty();
        _store.Advance("30");
        _store.Observe(Widget.Named("c", 25)).ShouldBeEmpty();
        _store.Count.ShouldBe(0);
    }

    [Fact]
    public void Does_not_forget_where_it_is_when_told_nothing()
    {
        List(10);
        _store.Advance("");
        _store.Remove(Widget.Key("a"), "");
        _store.ResourceVersion.ShouldBe("10");
    }

    [Fact]
    public void Does_not_show_an_own_write_that_was_the_end_of_the_object()
    {
        List(10);
        var end = Widget.Named("a", 20).With(metadata => metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch });
        _store.Observe(end).ShouldBeEmpty();
    }

    [Fact]
    public void Does_not_take_the_late_end_of_an_object_for_the_end_of_its_successor()
    {
        List(10, Widget.Named("a", 5, "old"));
        _store.Observe(Widget.Named("a", 22, "new"));

        _store.Remove(Widget.Named("a", 21, "old")).ShouldBeEmpty();
        _store.Get(Widget.Key("a"))!.Metadata.Uid.ShouldBe("new");
    }

    [Fact]
    public void Does_not_bring_back_what_a_request_of_our_own_ended()
    {
        List(10, Widget.Named("a", 5));
        _store.ObserveEnd(Widget.Key("a"), "uid-a").ShouldHaveSingleItem().New.ShouldBeNull();

        _store.Set(Widget.Named("a", 12)).ShouldBeEmpty();
        _store.Observe(Widget.Named("a", 13)).ShouldBeEmpty();
        List(14, Widget.Named("a", 13)).ShouldBeEmpty();
        _store.Advance("15");
        _store.Set(Widget.Named("a", 16)).ShouldBeEmpty();
        _store.Remove(Widget.Named("a", 20)).ShouldBeEmpty();
        _store.Count.ShouldBe(0);
    }

    [Fact]
    public void Does_not_bring_back_by_an_older_list_what_ended_before_the_first_one()
    {
        _store.ObserveEnd(Widget.Key("a"), "uid-a").ShouldBeEmpty();

        List(10, Widget.Named("a", 5)).ShouldBeEmpty();

        _store.Set(Widget.Named("a", 11)).ShouldBeEmpty();
    }

    [Fact]
    public void Does_not_take_a_namesake_for_what_was_ended()
    {
        List(10, Widget.Named("a", 5, "new"));
        _store.ObserveEnd(Widget.Key("a"), "old").ShouldBeEmpty();
        _store.Get(Widget.Key("a"))!.Metadata.Uid.ShouldBe("new");

        _store.ObserveEnd(Widget.Key("a"), "new");
        _store.Observe(Widget.Named("a", 22, "newest")).ShouldHaveSingleItem();
        _store.Set(Widget.Named("a", 12, "new")).ShouldBeEmpty();
        _store.Remove(Widget.Named("a", 21, "new")).ShouldBeEmpty();
        _store.Get(Widget.Key("a"))!.Metadata.Uid.ShouldBe("newest");
    }

    [Fact]
    public void Believes_a_restored_server_that_what_was_ended_is_there()
    {
        List(50, Widget.Named("a", 40));
        _store.ObserveEnd(Widget.Key("a"), "uid-a");

        _store.Replace([Widget.Named("a", 20)], "30", None, rewound: true).ShouldHaveSingleItem();

        _store.Set(Widget.Named("a", 31)).ShouldHaveSingleItem();
    }

    [Fact]
    public void Loses_what_a_write_of_our_own_took_out_of_the_selection_until_it_comes_back()
    {
        List(10, Widget.Named("a", 5));
        _store.ObserveLeave(Widget.Named("a", 4)).ShouldBeEmpty();
        _store.ObserveLeave(Widget.Named("a", 13)).ShouldHaveSingleItem().New.ShouldBeNull();
        _store.Set(Widget.Named("a", 12)).ShouldBeEmpty();

        _store.Observe(Widget.Named("a", 15)).ShouldHaveSingleItem().Old.ShouldBeNull();
        _store.Remove(Widget.Named("a", 13)).ShouldBeEmpty();
        _store.Set(Widget.Named("a", 15)).ShouldBeEmpty();

        _store.Get(Widget.Key("a"))!.Metadata.ResourceVersion.ShouldBe("15");
    }

    [Fact]
    public void Renews_only_what_it_holds_when_it_cannot_know_what_is_selected()
    {
        List(10, Widget.Named("a", 5));

        _store.Observe(Widget.Named("a", 11, size: 3), onlyKnown: true).ShouldHaveSingleItem();
        _store.Observe(Widget.Named("b", 12), onlyKnown: true).ShouldBeEmpty();
        _store.Observe(Widget.Named("a", 13, "another"), onlyKnown: true).ShouldBeEmpty();
    }

    [Fact]
    public void Keeps_indexes_in_step_with_every_change()
    {
        List(10, Widget.Named("a", 1).OwnedBy("x"), Widget.Named("b", 2).OwnedBy("x"));
        _store.AddIndex("owner", item => item.Metadata.OwnerReferences?.Select(owner => owner.Name) ?? []);
        Names("x").ShouldBe(["a", "b"], ignoreOrder: true);

        _store.Set(Widget.Named("a", 11).OwnedBy("y"));
        Names("x").ShouldBe(["b"]);
        Names("y").ShouldBe(["a"]);

        _store.Remove(Widget.Named("b", 12));
        Names("x").ShouldBeEmpty();
        List(30);
        Names("y").ShouldBeEmpty();
    }

    [Fact]
    public void Finds_the_objects_of_a_namespace_also_those_that_came_later()
    {
        List(10, Widget.Named("a", 1), In("other", "b", 2));
        Found("ns").ShouldBe(["a"]);
        Found("nowhere").ShouldBeEmpty();

        _store.Set(In("other", "c", 11));
        _store.Remove(In("other", "b", 12));

        Found("other").ShouldBe(["c"]);

        IEnumerable<string?> Found(string name) => _store.InNamespace(name).Select(item => item.Metadata.Name);
        static Widget In(string name, string widget, int version) =>
            Widget.Named(widget, version).With(metadata => metadata with { Namespace = name });
    }

    [Fact]
    public void Names_an_index_that_is_missing() =>
        Should.Throw<ArgumentException>(() => _store.ByIndex("owner", "x")).Message.ShouldContain("has no index owner");

    /// <summary>Whatever order own writes and the watch arrive in, the store ends where the server is.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Ends_where_the_server_is_whatever_came_first(int seed)
    {
        var random = new Random(seed);
        List(0);
        var server = new Dictionary<string, Widget>();
        var written = new List<Widget>();
        for (var version = 1; version <= 300; version++)
        {
            var name = $"{random.Next(5)}";
            if (server.TryGetValue(name, out var held) && random.Next(3) == 0)
            {
                server.Remove(name);
                _store.Remove(held.With(metadata => metadata with { ResourceVersion = $"{version}" }));
            }
            else
            {
                server[name] = Widget.Named(name, version, held?.Metadata.Uid ?? $"{name} of {version}");
                written.Add(server[name]);
                if (random.Next(2) == 0)
                {
                    _store.Observe(server[name]);
                }

                _store.Set(server[name]);
            }

            _store.Observe(written[random.Next(written.Count)]);
        }

        _store.List().OrderBy(item => item.Metadata.Name).ShouldBe(server.Values.OrderBy(item => item.Metadata.Name));
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 30)];

    private IReadOnlyList<StoreChange<Widget>> List(int version, params Widget[] items) => _store.Replace(items, $"{version}", None, rewound: false);

    private IEnumerable<string?> Names(string owner) => _store.ByIndex("owner", owner).Select(item => item.Metadata.Name);
}
