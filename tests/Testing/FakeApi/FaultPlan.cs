namespace Slipway.Testing.FakeApi;

/// <summary>Which requests go wrong, and what happens to the watches that are open.</summary>
public sealed class FaultPlan
{
    private readonly Lock _gate = new();
    private readonly List<Planned> _planned = [];

    /// <summary>Whether a version that is too old is refused by the HTTP status instead of within the watch.</summary>
    public bool GoneAsStatus { get; set; }

    /// <summary>What becomes of watches that ask for initial events.</summary>
    public WatchListSupport WatchList { get; set; }

    /// <summary>Asked before each event of each watch how long to hold it up; null for not at all. Called from many threads.</summary>
    public Func<TimeSpan>? EventDelay { get; set; }

    internal Pulse Cut { get; } = new();

    internal Pulse Torn { get; } = new();

    internal Pulse Ended { get; } = new();

    internal Pulse Silenced { get; } = new();

    internal Pulse Reset { get; } = new();

    /// <summary>The next requests that match go wrong in this way.</summary>
    public void Next(Fault fault, int times = 1, Func<RecordedRequest, bool>? when = null)
    {
        lock (_gate)
        {
            _planned.Add(new Planned(fault, times, when ?? (_ => true)));
        }
    }

    /// <summary>From here on requests go well, and so do watches that are opened. What was done to open watches stays done.</summary>
    public void Clear()
    {
        EventDelay = null;
        lock (_gate)
        {
            _planned.Clear();
        }
    }

    /// <summary>Breaks the connections of all watches open now.</summary>
    public void CutWatches() => Cut.Send();

    /// <summary>The next event of each watch open now breaks off half-way, and the connection with it.</summary>
    public void TearWatches() => Torn.Send();

    /// <summary>Ends all watches open now in good order, as a server does after their time.</summary>
    public void EndWatches() => Ended.Send();

    /// <summary>
    /// All watches open now say nothing more and do not end, until the client hangs up: half-open connections. Later
    /// watches work.
    /// </summary>
    public void SilenceWatches() => Silenced.Send();

    /// <summary>The connections of silenced watches break after all: their clients learn what they missed.</summary>
    public void ResetSilencedWatches() => Reset.Send();

    internal Fault? Take(RecordedRequest request)
    {
        lock (_gate)
        {
            var index = _planned.FindIndex(planned => planned.When(request));
            if (index < 0)
            {
                return null;
            }

            var planned = _planned[index];
            if (planned.Times > 1)
            {
                _planned[index] = planned with { Times = planned.Times - 1 };
            }
            else
            {
                _planned.RemoveAt(index);
            }

            return planned.Fault;
        }
    }

    private sealed record Planned(Fault Fault, int Times, Func<RecordedRequest, bool> When);
}
