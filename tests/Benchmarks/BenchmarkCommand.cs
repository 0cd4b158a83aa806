using System.Globalization;
using Slipway.Benchmarks.Caching;
using Slipway.Benchmarks.DemoData;
using Slipway.Benchmarks.Latency;
using Slipway.Benchmarks.Leases;
using Slipway.Benchmarks.Measuring;
using Slipway.Benchmarks.Queueing;
using Slipway.Benchmarks.Results;
using Slipway.Benchmarks.Servers;
using Slipway.Benchmarks.Watching;

namespace Slipway.Benchmarks;

/// <summary>
/// <c>[all|SUITE] [--quick] [--write PAGE]</c>: runs one benchmark or all and prints the results as Markdown; with a page, writes
/// them there too.
/// </summary>
internal static class BenchmarkCommand
{
    private static readonly ISuite[] Suites =
        [new QueueSuite(), new WatchDecodeSuite(), new StoreMemorySuite(), new LatencySuite(), new LeaseSuite(), new ColdStartSuite(), new DemoDataSuite()];

    /// <summary>Exit code 0: all were measured; 2: the command line was not understood.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is [FakeServerProcess.Verb, var releases])
        {
            await FakeServerProcess.ServeAsync(int.Parse(releases, CultureInfo.InvariantCulture));
            return 0;
        }

        var left = arguments.ToList();
        var scale = left.Remove("--quick") ? Scale.Quick : Scale.Full;
        var page = TakeOption(left, "--write");
        var name = left.Count == 0 ? "all" : left[0];
        var chosen = Suites.Where(suite => name == "all" || suite.Name == name).ToList();
        if (left.Count > 1 || chosen.Count == 0)
        {
            await Console.Error.WriteLineAsync($"usage: [all|{string.Join('|', Suites.Select(suite => suite.Name))}] [--quick] [--write PAGE]");
            return 2;
        }

        await ReportAsync(await MeasureAsync(chosen, scale), scale, page);
        return 0;
    }

    private static async Task<List<Section>> MeasureAsync(List<ISuite> suites, Scale scale)
    {
        var sections = new List<Section>();
        foreach (var suite in suites)
        {
            await Console.Error.WriteLineAsync($"==> {suite.Name}");
            sections.AddRange(await suite.RunAsync(scale));
        }

        return sections;
    }

    private static async Task ReportAsync(List<Section> sections, Scale scale, string? page)
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var results = MarkdownReport.Write(sections, today, scale.Name);
        Console.Write(results);
        if (page is not null)
        {
            await ResultPage.RewriteAsync(page, results);
        }
    }

    private static string? TakeOption(List<string> arguments, string name)
    {
        var index = arguments.IndexOf(name);
        if (index < 0 || index + 1 >= arguments.Count)
        {
            return null;
        }

        var value = arguments[index + 1];
        arguments.RemoveRange(index, 2);
        return value;
    }
}
