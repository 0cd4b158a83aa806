using System.Globalization;

namespace Slipway.DemoData.Tests.Races;

/// <summary>What many runs told of themselves, in one order: each between having the lock and its last statement under it.</summary>
internal sealed class StormHistory
{
    private readonly Lock _gate = new();
    private readonly HashSet<int> _inside = [];
    private readonly List<string> _overlaps = [];
    private readonly List<long> _tokens = [];

    /// <summary>Who had the lock when another one got it.</summary>
    public IReadOnlyList<string> Overlaps => _overlaps;

    /// <summary>The tokens, in the order in which the locks were had.</summary>
    public IReadOnlyList<long> Tokens => _tokens;

    public RecordedLog NewLog(int run) => new((step, text) =>
    {
        lock (_gate)
        {
            switch (step)
            {
                case "lock":
                    _overlaps.AddRange(_inside.Select(other => $"run {run} got the lock while run {other} had it"));
                    _inside.Add(run);
                    _tokens.Add(long.Parse(text[(text.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
                    break;
                case "analyze":
                    _inside.Remove(run);
                    break;
            }
        }
    });
}
