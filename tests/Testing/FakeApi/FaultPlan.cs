namespace Slipway.Testing.FakeApi;

/// <summary>Which requests go wrong, and what happens to the watches that are open.</summary>
public sealed class FaultPlan
{
    private readonly Lock _gate = new();
    private readonly List<Planned> _planned = [];
    private CancellationTokenSource _cut = new();
    private CancellationTokenSource _ended = new();
    private volatile bool _silent;

    /// <summary>Whether a version that is too old is refused by the HTTP status instead of within the watch.</summary>
    public bool GoneAsStatus { get; set; }

    /// <summary>While true, open watches send nothing more and do not end: half-open connections.</summary>
    public bool Silent
    {
        get => _silent;
        set => _silent = value;
    }

    internal CancellationToken Cut => Volatile.Read(ref _cut).Token;

    internal CancellationToken Ended => Volatile.Read(ref _ended).Token;

    /// <summary>The next requests that match go wrong in this way.</summary>
    public void Next(Fault fault, int times = 1, Func<RecordedRequest, bool>? when = null)
    {
        lock (_gate)
        {
            _planned.Add(new Planned(fault, times, when ?? (_ => true)));
        }
    }

    /// <summary>Breaks the connections of all open watches.</summary>
    public void CutWatches() => Interlocked.Exchange(ref _cut, new CancellationTokenSource()).Cancel();

    /// <summary>Ends all open watches in good order, as a server does after their time.</summary>
    public void EndWatches() => Interlocked.Exchange(ref _ended, new CancellationTokenSource()).Cancel();

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
