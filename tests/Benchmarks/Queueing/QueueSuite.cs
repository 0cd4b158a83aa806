using Slipway.Benchmarks.Measuring;
using Slipway.Benchmarks.Results;

namespace Slipway.Benchmarks.Queueing;

internal sealed class QueueSuite : ISuite
{
    private const string Beside = "channel and set, by hand";

    public string Name => "queue";

    public Task<IReadOnlyList<Section>> RunAsync(Scale scale)
    {
        var measured = MicroBenchmark.Run<QueueBenchmarks>(scale);
        return Task.FromResult<IReadOnlyList<Section>>(
        [
            new Section("Work queue, per key",
            [
                .. measured.Compare(
                    "add, take, done, one by one", nameof(QueueBenchmarks.SlipwayOneByOne), Beside, nameof(QueueBenchmarks.ChannelOneByOne)),
                .. measured.Compare(
                    "1000 added, then taken and done", nameof(QueueBenchmarks.SlipwayAllThenAll), Beside, nameof(QueueBenchmarks.ChannelAllThenAll)),
                .. measured.Compare(
                    "added while it waits already", nameof(QueueBenchmarks.SlipwayAddAgain), Beside, nameof(QueueBenchmarks.ChannelAddAgain)),
                .. measured.Compare(
                    "4 producers, 4 workers, per add", nameof(QueueBenchmarks.SlipwayContended), Beside, nameof(QueueBenchmarks.ChannelContended)),
            ]),
        ]);
    }
}
