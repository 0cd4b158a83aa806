using System.Diagnostics;
using System.Net;
using System.Text;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing.Cluster;

namespace Slipway.Operator.Tests.Chaos;

/// <summary>Does what a sequence of events says, one after the other, while two operators work; and can tell what it did.</summary>
public sealed class Storm(IReadOnlyList<ChaosPlace> places, IReadOnlyList<ChaosOperator> operators, LedgerDatabase ledger)
{
    private static readonly TimeSpan LongestBreath = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private static readonly Dictionary<StormKind, Func<ChaosOperator, Task>> ToOperators = new()
    {
        [StormKind.Kill] = one => one.KillAsync(),
        [StormKind.Start] = one => Now(one.Start),
        [StormKind.Pause] = one => Now(one.Pause),
        [StormKind.Resume] = one => Now(one.Resume),
        [StormKind.HoldWatches] = one => Now(one.Proxy.HoldWatches),
        [StormKind.ReleaseWatches] = one => Now(one.Proxy.ReleaseWatches),
        [StormKind.HoldWrite] = one => Now(one.HoldWrite),
        [StormKind.ReleaseWrites] = one => Now(one.ReleaseWrites),
        [StormKind.CutApi] = one => Now(one.Proxy.CutConnections),
        [StormKind.CutDatabase] = one => one.CutDatabaseAsync(),
    };

    private readonly StringBuilder _done = new();
    private int _number;

    /// <summary>One line for each event that was done.</summary>
    public string Done => _done.ToString();

    public async Task RunAsync(IEnumerable<StormEvent> events)
    {
        foreach (var what in events)
        {
            _done.AppendLine($"{++_number,4} {TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {await TryAsync(what)}");
        }
    }

    /// <summary>Whatever was held, paused, suspended or killed goes on.</summary>
    public async Task CalmAsync()
    {
        await Task.WhenAll(operators.Select(one => one.CalmAsync()));
        foreach (var place in places)
        {
            place.Pods.LetAllGo();
            await place.Stack.SettleAsync();
        }
    }

    private static Task Now(Action act)
    {
        act();
        return Task.CompletedTask;
    }

    private async Task<string> TryAsync(StormEvent what)
    {
        try
        {
            return await DoAsync(what);
        }
        catch (ApiServerException refused) when (refused.Code is HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.Forbidden)
        {
            return $"{what.Kind}: {refused.Code}";
        }
    }

    private async Task<string> DoAsync(StormEvent what)
    {
        if (what.Kind == StormKind.Breathe)
        {
            return $"Breathe: {await BreatheAsync(1 + (what.Pick % 4))} moves";
        }

        if (what.Kind < StormKind.Kill)
        {
            var place = places[what.Place % places.Count];
            return $"{what.Kind} in {place.Scene.Namespace.Name}: {await place.DoAsync(what)}";
        }

        var number = what.Place % operators.Count;
        await ToOperators[what.Kind](operators[number]);
        return $"{what.Kind} operator {number}";
    }

    /// <summary>Gives the operators time for so many moves: not longer than a moment, because they may be dead.</summary>
    private async Task<long> BreatheAsync(int moves)
    {
        var started = Stopwatch.GetTimestamp();
        var before = await ledger.CountMovesAsync();
        long made;
        while ((made = await ledger.CountMovesAsync() - before) < moves && Stopwatch.GetElapsedTime(started) < LongestBreath)
        {
            await Task.Delay(Pause);
        }

        return made;
    }
}
