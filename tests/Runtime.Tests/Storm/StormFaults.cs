using Slipway.Testing.FakeApi;

namespace Slipway.Runtime.Tests.Storm;

/// <summary>Everything that can go wrong between a client and its API server, at random.</summary>
/// <param name="streams">Whether the server can stream its state throughout; otherwise, as it comes.</param>
internal sealed class StormFaults(FakeApiServer api, Random random, bool streams)
{
    private static readonly Fault[] Refusals =
    [
        new Fault.Refuse(429, "TooManyRequests"),
        new Fault.Refuse(429, "TooManyRequests", RetryAfterSeconds: 0),
        new Fault.Refuse(500, "InternalError"),
        new Fault.Refuse(503, "ServiceUnavailable"),
        new Fault.DropRequest(),
        new Fault.DropAnswer(),
        new Fault.Babble(200, "<html>"),
    ];

    private readonly Random _delays = new(random.Next());
    private bool _stale;

    public void Disturb()
    {
        switch (random.Next(100))
        {
            case < 10:
                api.Faults.CutWatches();
                break;
            case < 15:
                api.Faults.TearWatches();
                break;
            case < 20:
                api.Faults.EndWatches();
                break;
            case < 21:
                api.Faults.SilenceWatches();
                break;
            case < 30:
                Forget();
                break;
            case < 40:
                LagBehindOrCatchUp();
                break;
            case < 45:
                api.SendBookmarks();
                break;
            case < 50:
                DelayEvents();
                break;
            case < 52 when !streams:
                api.Faults.WatchList = random.GetItems(Enum.GetValues<WatchListSupport>(), 1)[0];
                break;
            default:
                FailRequests();
                break;
        }
    }

    /// <summary>The weather clears; what was done to open watches stays done.</summary>
    public void End()
    {
        api.Faults.Clear();
        api.Store.ReleaseReplica();
        _stale = false;
    }

    private void Forget()
    {
        api.Store.Compact();
        api.Faults.GoneAsStatus = random.Next(2) == 0;
        api.Faults.CutWatches();
    }

    private void LagBehindOrCatchUp()
    {
        if (_stale)
        {
            api.Store.ReleaseReplica();
        }
        else
        {
            api.Store.FreezeReplica(random.Next(50));
            if (random.Next(2) == 0)
            {
                api.Faults.CutWatches();
            }
        }

        _stale = !_stale;
    }

    private void DelayEvents() => api.Faults.EventDelay = random.Next(2) == 0 ? null : () =>
    {
        lock (_delays)
        {
            return TimeSpan.FromMilliseconds(_delays.Next(3));
        }
    };

    private void FailRequests()
    {
        var fault = random.Next(12) switch
        {
            0 => new Fault.Delay(TimeSpan.FromMilliseconds(random.Next(1, 20))),
            1 when random.Next(10) == 0 => new Fault.HoldUntil(new TaskCompletionSource().Task),
            2 when random.Next(10) == 0 => new Fault.Refuse(429, "TooManyRequests", RetryAfterSeconds: 1),
            _ => random.GetItems(Refusals, 1)[0],
        };
        api.Faults.Next(fault, random.Next(1, 4), random.Next(4) switch
        {
            0 => request => request.IsWatch,
            1 => request => request.Method == "GET" && !request.IsWatch,
            _ => request => request.Method != "GET",
        });
    }
}
