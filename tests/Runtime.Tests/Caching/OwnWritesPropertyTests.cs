using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Runtime.Caching;
using Xunit;

namespace Slipway.Runtime.Tests.Caching;

/// <summary>
/// A server with many writers, a cache of the blue widgets whose watch lags behind by chance and is now and then replaced by a
/// list, and we, who write and delete, and are told at once or late. The cache never shows less than what we were told.
/// </summary>
public sealed class OwnWritesPropertyTests
{
    private static readonly HashSet<NamespacedName> None = [];

    private readonly Store<Widget> _store = new();
    private readonly Dictionary<string, Widget> _server = [];
    private readonly Queue<(int Version, Action Report)> _watch = new();
    private readonly List<Action> _answers = [];
    private readonly HashSet<string> _ended = [];
    private readonly Dictionary<string, int> _written = [];
    private int _version = 1;
    private (int Version, List<Widget> Items)? _list;

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Never_shows_less_than_we_were_told_and_ends_where_the_server_is(int seed)
    {
        var random = new Random(seed);
        _store.Replace([], "1", None, rewound: false);
        for (var step = 0; step < 2_000; step++)
        {
            Happen(random);
            Check($"seed {seed}, step {step}");
        }

        foreach (var late in _answers)
        {
            late();
        }

        Drain();
        _store.List().OrderBy(item => item.Metadata.Name).ShouldBe(Blue().OrderBy(item => item.Metadata.Name), $"seed {seed}");
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 40)];

    private void Happen(Random random)
    {
        switch (random.Next(20))
        {
            case < 8:
                Write($"{random.Next(6)}", random);
                break;
            case < 11:
                Delete($"{random.Next(6)}", random);
                break;
            case < 18 when _watch.Count > 0 && _list is null:
                _watch.Dequeue().Report();
                break;
            case 18:
                Relist();
                break;
            default:
                if (_answers.Count > 0)
                {
                    var late = _answers[random.Next(_answers.Count)];
                    _answers.Remove(late);
                    late();
                }

                break;
        }
    }

    private void Write(string name, Random random)
    {
        _version++;
        var before = _server.GetValueOrDefault(name);
        var after = Widget.Named(name, _version, before?.Metadata.Uid ?? $"{name} of {_version}").With(metadata => metadata with
        {
            Labels = new Dictionary<string, string> { ["color"] = random.Next(3) == 0 ? "red" : "blue" },
        });
        _server[name] = after;
        Report(before, after);
        Answer(random, () =>
        {
            _written[after.Metadata.Uid!] = Math.Max(Version(after), _written.GetValueOrDefault(after.Metadata.Uid!));
            _ = IsBlue(after) ? _store.Observe(after) : _store.ObserveLeave(after);
        });
    }

    private void Delete(string name, Random random)
    {
        if (!_server.Remove(name, out var before))
        {
            return;
        }

        _version++;
        if (IsBlue(before))
        {
            var last = before.With(metadata => metadata with { ResourceVersion = $"{_version}" });
            _watch.Enqueue((_version, () => _store.Remove(last)));
        }

        Answer(random, () =>
        {
            _ended.Add(before.Metadata.Uid!);
            _store.ObserveEnd(Widget.Key(name), before.Metadata.Uid!);
        });
    }

    /// <summary>What the watch of the blue ones says of a change, when its turn comes.</summary>
    private void Report(Widget? before, Widget after)
    {
        if (IsBlue(after))
        {
            _watch.Enqueue((_version, () => _store.Set(after)));
        }
        else if (before is not null && IsBlue(before))
        {
            var last = before.With(metadata => metadata with { ResourceVersion = $"{Version(after)}" });
            _watch.Enqueue((_version, () => _store.Remove(last)));
        }
    }

    /// <summary>Half of the writes are ours. Most of those answers arrive at once, some much later.</summary>
    private void Answer(Random random, Action told)
    {
        switch (random.Next(8))
        {
            case < 3:
                told();
                break;
            case 3:
                _answers.Add(told);
                break;
        }
    }

    /// <summary>The watch ends, and a list is read; it arrives later, and the watch goes on from there.</summary>
    private void Relist()
    {
        if (_list is not { } list)
        {
            _list = (_version, Blue());
            return;
        }

        while (_watch.TryPeek(out var next) && next.Version <= list.Version)
        {
            _watch.Dequeue();
        }

        _store.Replace(list.Items, $"{list.Version}", None, rewound: false);
        _list = null;
    }

    private void Drain()
    {
        if (_list is not null)
        {
            Relist();
        }

        while (_watch.TryDequeue(out var next))
        {
            next.Report();
        }
    }

    private void Check(string when)
    {
        foreach (var item in _store.List())
        {
            _ended.ShouldNotContain(item.Metadata.Uid!, $"{when}: {item.Metadata.Name} was deleted by us and is shown");
            Version(item).ShouldBeGreaterThanOrEqualTo(
                _written.GetValueOrDefault(item.Metadata.Uid!), $"{when}: {item.Metadata.Name} is shown as it was before our write");
        }
    }

    private List<Widget> Blue() => [.. _server.Values.Where(IsBlue)];

    private static bool IsBlue(Widget widget) => widget.Metadata.Label("color") == "blue";

    private static int Version(Widget widget) => int.Parse(widget.Metadata.ResourceVersion!, System.Globalization.CultureInfo.InvariantCulture);
}
