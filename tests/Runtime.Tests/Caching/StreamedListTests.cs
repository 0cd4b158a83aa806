using Shouldly;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Watching;
using Slipway.Runtime.Caching;
using Slipway.Testing;
using Xunit;

namespace Slipway.Runtime.Tests.Caching;

public sealed class StreamedListTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FakeClock _clock = new();
    private readonly StreamedList<Widget> _list;

    public StreamedListTests() => _list = new StreamedList<Widget>(Patience, _clock, CancellationToken.None);

    public void Dispose() => _list.Dispose();

    [Fact]
    public void Waits_as_long_as_it_takes_for_the_server_to_begin()
    {
        _clock.Advance(Patience * 10);
        _list.IsOverdue.ShouldBeFalse();

        _list.GiveTime();
        _clock.Advance(Patience);

        _list.IsOverdue.ShouldBeTrue();
        _list.Token.IsCancellationRequested.ShouldBeTrue();
    }

    [Theory]
    [InlineData(WatchEventType.Added, false)]
    [InlineData(WatchEventType.Modified, true)]
    [InlineData(WatchEventType.Deleted, true)]
    [InlineData(WatchEventType.Bookmark, true)]
    public void Waits_on_while_the_state_grows_and_not_for_what_merely_happens(WatchEventType type, bool overdue)
    {
        _list.GiveTime();
        _clock.Advance(Patience / 2);
        _list.Take(Event(type)).ShouldBeNull();
        _clock.Advance(Patience / 2);

        _list.IsOverdue.ShouldBe(overdue);
    }

    [Theory]
    [InlineData(WatchEventType.Added, false)]
    [InlineData(WatchEventType.Modified, true)]
    public void Counts_what_cannot_be_read_as_part_of_the_state(WatchEventType type, bool overdue)
    {
        _list.GiveTime();
        _clock.Advance(Patience / 2);
        _list.Take(new UndecodableObject(type, Widget.Key("a"), "7", "as scripted"));
        _clock.Advance(Patience / 2);

        _list.IsOverdue.ShouldBe(overdue);
    }

    [Fact]
    public void Is_complete_at_the_mark_and_only_with_a_version_to_go_on_from()
    {
        _list.GiveTime();
        _list.Take(Event(WatchEventType.Added));
        _list.Take(new UndecodableObject(WatchEventType.Added, null, "", "no name either"));
        _list.Take(End("")).ShouldBeNull();
        _list.IsComplete.ShouldBeFalse();

        var state = _list.Take(End("12"))!;

        _list.IsComplete.ShouldBeTrue();
        state.ResourceVersion.ShouldBe("12");
        state.Items.ShouldHaveSingleItem();
        state.Skipped.ShouldHaveSingleItem().Key.ShouldBeNull();
        _clock.Advance(Patience * 10);
        _list.IsOverdue.ShouldBeFalse();
    }

    private static WatchEvent<Widget> Event(WatchEventType type) =>
        new(type, type == WatchEventType.Bookmark ? null : Widget.Named("a", 7), "7", InitialEventsEnd: false);

    private static WatchEvent<Widget> End(string version) => new(WatchEventType.Bookmark, null, version, InitialEventsEnd: true);
}
