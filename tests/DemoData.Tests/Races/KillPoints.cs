using System.Collections.Concurrent;
using Shouldly;
using Slipway.Testing;

namespace Slipway.DemoData.Tests.Races;

/// <summary>
/// Runs the same process again and again and kills it (SIGKILL) just before the database hears of its first statement, of its second, and so
/// on, until one gets through. What the database has heard of at each point is all that it can ever be left with.
/// </summary>
/// <param name="before">Migrations of what is there before; null for nothing at all.</param>
/// <param name="migrations">Those of the run that is killed; null for a seed.</param>
/// <param name="files">All folders.</param>
internal sealed class KillPoints(string? before, string? migrations, RaceFiles files)
{
    private const int Lanes = 2;

    /// <summary>More than any run has statements.</summary>
    private const int Most = 400;

    private readonly ConcurrentBag<KillPoint> _met = [];
    private readonly ConcurrentBag<string> _read = [];
    private int _next;

    /// <summary>All that anybody has ever read meanwhile.</summary>
    public IEnumerable<string> Read => _read.Distinct();

    /// <returns>Where it was killed, in order; the last one is the run that got through.</returns>
    public async Task<IReadOnlyList<KillPoint>> RunAllAsync()
    {
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(_ => RunLaneAsync()));
        var met = _met.OrderBy(point => point.Number).ToList();
        return [.. met.TakeWhile(point => point.IsKilled), met.First(point => !point.IsKilled)];
    }

    private async Task RunLaneAsync()
    {
        var goesOn = true;
        while (goesOn)
        {
            await using var database = await RaceDatabase.CreateAsync();
            if (before is not null)
            {
                await Run.Of(database, before, files.First).StartAsync();
            }

            await using var reader = new RaceReader(database);
            do
            {
                goesOn = await RunAsync(database, reader);
            }
            while (goesOn && before is not null);
            foreach (var seen in await reader.StopAsync())
            {
                _read.Add(seen);
            }
        }
    }

    /// <returns>Whether it was killed.</returns>
    private async Task<bool> RunAsync(RaceDatabase database, RaceReader reader)
    {
        var point = new KillPoint(Interlocked.Increment(ref _next));
        point.Number.ShouldBeLessThan(Most);
        var old = await database.DumpAsync();
        await KillAsync(database, point);
        point.Seen = await reader.LookAsync();
        _met.Add(point);
        await RunNextAsync(database);
        (await database.TracesAsync()).ShouldBeEmpty($"{point}");
        if (before is not null)
        {
            (await database.DumpAsync()).ShouldBe(old, $"{point}");
        }

        return point.IsKilled;
    }

    /// <summary>Finds whatever the other one has left, and makes what was there before.</summary>
    private Task RunNextAsync(RaceDatabase database) =>
        Run.Of(database, migrations is null ? null : before ?? migrations, before is null ? files.Second : files.First).StartAsync();

    private async Task KillAsync(RaceDatabase database, KillPoint point)
    {
        await using var proxy = database.NewProxy();
        var started = new TaskCompletionSource<SlipwayProcess>();
        proxy.Asked = async request =>
        {
            if (point.IsReachedBy(request))
            {
                proxy.Freeze();
                await (await started.Task).KillAsync();
            }

            return !point.IsKilled;
        };
        await using var process = RaceProcesses.Start(database.Through(proxy.Port), migrations, files.Second, "--lock", "database");
        started.SetResult(process);
        (await process.ExitAsync()).ShouldBe(point.IsKilled ? 128 + 9 : 0, $"{point}\n{process.Log}");
    }
}
