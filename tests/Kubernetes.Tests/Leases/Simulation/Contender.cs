using Slipway.Kubernetes.Leases;

namespace Slipway.Kubernetes.Tests.Leases.Simulation;

/// <summary>A process that wants the lease again and again, and writes to the guarded resource while it has it.</summary>
internal sealed class Contender : LeaseObserver
{
    private readonly VirtualWorld _world;
    private readonly LeaseServer _server;
    private readonly Fence _fence;
    private readonly LeaseLock _lock;
    private CancellationTokenSource _stop = new();
    private bool _ended;
    private int _runs;

    public Contender(VirtualWorld world, LeaseServer server, Fence fence, string name, LeaseOptions options, double rate, TimeSpan offset)
    {
        (_world, _server, _fence) = (world, server, fence);
        Process = new SimulatedProcess(world, name, rate, offset);
        Connection = new LeaseConnection(world, server, name);
        _lock = new LeaseLock(Connection, name, options, Process.Clock, new Random(world.Random.Next()), this);
    }

    public SimulatedProcess Process { get; }

    public LeaseConnection Connection { get; }

    /// <summary>How long the work of one term takes; it ends earlier when told to.</summary>
    public Func<TimeSpan> Work { get; init; } = () => TimeSpan.FromSeconds(5);

    /// <summary>What it believes now: the term under which it works, or null.</summary>
    public LeaseTerm? Believes { get; private set; }

    public int TermsEndedWell { get; private set; }

    public int TermsLost { get; private set; }

    public int ReleasesGivenUp { get; private set; }

    public List<string> ReleasesLost { get; } = [];

    public List<Exception> Surprises { get; } = [];

    public void Start() => Process.Start(MainAsync);

    /// <summary>How long it takes to end its work after it was told to; it works on until then.</summary>
    public Func<TimeSpan> Drain { get; init; } = () => TimeSpan.Zero;

    /// <summary>Told to stop waiting, or working, by whoever uses it. It comes back soon.</summary>
    public void Interrupt() => Process.Enqueue(() => _stop.Cancel());

    /// <summary>As by SIGTERM: work ends, the lease is given back, and that was it.</summary>
    public void Stop() => Process.Enqueue(() =>
    {
        _ended = true;
        _stop.Cancel();
    });

    public override void ReleaseFailed(Exception error) => ReleasesGivenUp++;

    public override void Lost(LeaseTerm term, string reason) => TermsLost++;

    /// <summary>At this moment, whatever answers were lost on the way, the server must know.</summary>
    public override void Released(LeaseTerm term)
    {
        TermsEndedWell++;
        if (_server.Lease is { } lease && LeaseSpecs.IsOurs(lease, term.Identity, term.Token))
        {
            ReleasesLost.Add($"{Process.Name} believes that it released {term.Token}, at {_world.Now}");
        }
    }

    private async Task MainAsync()
    {
        while (!_ended)
        {
            _stop = new CancellationTokenSource();
            try
            {
                await _lock.RunAsync(WorkAsync, _stop.Token);
            }
            catch (LeaseLostException)
            {
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
            }
            catch (Exception surprise)
            {
                Surprises.Add(surprise);
            }
        }
    }

    private async Task WorkAsync(LeaseTerm term)
    {
        var run = $"{Process.Name} {++_runs}";
        Believes = term;
        using var gone = term.Lost.Register(() => Believes = null);
        try
        {
            await WorkAsync(term, run, Work(), term.Ending);
            await WorkAsync(term, run, term.Ending.IsCancellationRequested ? Drain() : TimeSpan.Zero, term.Lost);
        }
        finally
        {
            Believes = null;
        }
    }

    private async Task WorkAsync(LeaseTerm term, string run, TimeSpan length, CancellationToken end)
    {
        var started = Process.Clock.GetTimestamp();
        while (Process.Clock.GetElapsedTime(started) < length && !end.IsCancellationRequested)
        {
            await WriteAsync(term, run, end);
        }
    }

    /// <summary>Decides, and writes a little later: in between it may have been paused for as long as you like.</summary>
    private async Task WriteAsync(LeaseTerm term, string run, CancellationToken end)
    {
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(300), Process.Clock, end);
            await Connection.GuardedAsync(() => _fence.Write(term.Token, run), end);
        }
        catch (Exception)
        {
            // An unreliable network is no reason to stop working.
        }
    }
}
