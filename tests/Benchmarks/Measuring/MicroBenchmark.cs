using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using Slipway.Benchmarks.Results;
using Slipway.Testing;

namespace Slipway.Benchmarks.Measuring;

/// <summary>Runs a class of BenchmarkDotNet in this process and takes time and allocations per operation out of its summary.</summary>
internal sealed class MicroBenchmark
{
    private readonly Dictionary<string, BenchmarkReport> _reports;

    private MicroBenchmark(Summary summary) =>
        _reports = summary.Reports.ToDictionary(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name);

    /// <exception cref="InvalidOperationException">A benchmark failed; the message is BenchmarkDotNet's log.</exception>
    public static MicroBenchmark Run<T>(Scale scale)
    {
        var log = new AccumulationLogger();
        var summary = BenchmarkRunner.Run<T>(Config(scale, log));
        return summary.Reports.Length > 0 && summary.Reports.All(report => report.Success)
            ? new MicroBenchmark(summary)
            : throw new InvalidOperationException(log.GetLog());
    }

    /// <summary>One row for the time, of the least disturbed iteration, and one for the bytes allocated.</summary>
    /// <param name="what">What one operation is.</param>
    /// <param name="ours">Method that does it with Slipway's code.</param>
    /// <param name="beside">What the other method does it with.</param>
    /// <param name="theirs">That method.</param>
    public IEnumerable<Comparison> Compare(string what, string ours, string beside, string theirs) =>
    [
        new($"{what}: time", Time(ours), beside, Time(theirs)),
        new($"{what}: allocated", Allocated(ours), beside, Allocated(theirs)),
    ];

    private Quantity Time(string method) => Quantity.Nanoseconds(_reports[method].ResultStatistics!.Min);

    private Quantity Allocated(string method) =>
        Quantity.Bytes(_reports[method].GcStats.GetBytesAllocatedPerOperation(_reports[method].BenchmarkCase) ?? 0);

    private static ManualConfig Config(Scale scale, ILogger log)
    {
        var job = Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(3)
            .WithIterationCount(scale.Iterations)
            .WithIterationTime(TimeInterval.FromMilliseconds(200));
        return ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddLogger(log)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Statistics)
            .WithArtifactsPath(Repository.PathOf("artifacts/benchmarks"))
            // Everything of ours is built as Release; the test framework that the fixtures bring along is not measured.
            .WithOptions(ConfigOptions.DisableOptimizationsValidator);
    }
}
