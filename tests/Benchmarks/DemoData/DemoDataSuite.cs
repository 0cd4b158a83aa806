using System.Diagnostics;
using System.Globalization;
using Slipway.Benchmarks.Measuring;
using Slipway.Benchmarks.Results;
using Slipway.DemoData.Chain;
using Slipway.DemoData.Locking;
using Slipway.DemoData.PetGrooming;
using Slipway.DemoData.Scripts;
using Slipway.Testing;

namespace Slipway.Benchmarks.DemoData;

/// <summary>
/// How long it takes to make a demo database new, beside psql loading the same rows by COPY, in one transaction, into the same tables, which are
/// there already: what nobody can go below who keeps indexes and foreign keys.
/// </summary>
internal sealed class DemoDataSuite : ISuite
{
    public string Name => "demo-data";

    public async Task<IReadOnlyList<Section>> RunAsync(Scale scale)
    {
        await using var server = await DemoServer.StartAsync();
        return
        [
            new Section(
                "Demo data, made new",
                [.. await MeasureAsync(server, 1, 2 * scale.Rounds), .. await MeasureAsync(server, scale.Multiple, scale.Rounds)]),
        ];
    }

    /// <summary>The sides take turns; the first turn is for warming up.</summary>
    private static async Task<IEnumerable<Comparison>> MeasureAsync(DemoServer server, int multiple, int rounds)
    {
        var file = Path.GetTempFileName();
        var (swapped, replaced, loaded) = (new Samples(), new Samples(), new Samples());
        try
        {
            await DumpAsync(server, multiple, file);
            for (var round = -1; round < rounds; round++)
            {
                var ours = await MarkedAsync(server);
                await TimeAsync(round < 0 ? new Samples() : swapped, () => ResetAsync(server, ours, multiple));
                await server.RunAsync(ours, "SELECT");
                await TimeAsync(round < 0 ? new Samples() : replaced, () => ResetAsync(server, ours, multiple));
                var theirs = await MigratedAsync(server);
                await TimeAsync(round < 0 ? new Samples() : loaded, () => LoadAsync(server, theirs, file));
            }
        }
        finally
        {
            File.Delete(file);
        }

        var what = string.Create(CultureInfo.InvariantCulture, $"profile dev{(multiple == 1 ? "" : $" × {multiple}")}");
        return
        [
            new Comparison($"{what}, another schema: swapped", Quantity.Time(swapped.Median), "psql, COPY", Quantity.Time(loaded.Median)),
            new Comparison($"{what}, the same schema: rows replaced", Quantity.Time(replaced.Median), "psql, COPY", Quantity.Time(loaded.Median)),
        ];
    }

    private static async Task TimeAsync(Samples samples, Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        await work();
        samples.Add(began, Stopwatch.GetTimestamp());
    }

    private static async Task ResetAsync(DemoServer server, string database, int multiple)
    {
        await using var connections = new DemoConnections(server.AddressOf(database), TimeProvider.System);
        var options = new DemoOptions { Identity = "benchmark" };
        var chain = new DemoChain(connections, options, null, new Silence(), TimeProvider.System, new Random(1));
        var migrations = new Migrations("built-in", [.. PetGroomingMigrations.Files.Select(file => ScriptSource.Of(file.FileName, file.Sql))]);
        await chain.ResetAsync(migrations, new PetGroomingData(DemoProfile.Dev, multiple, null), CancellationToken.None);
    }

    private static async Task LoadAsync(DemoServer server, string database, string file) =>
        await RunAsync("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", $"--file={file}", "--output=/dev/null", server.UrlOf(database));

    private static async Task<string> MarkedAsync(DemoServer server)
    {
        var name = await server.CreateAsync("ours");
        await using var connections = new DemoConnections(server.AddressOf(name), TimeProvider.System);
        await using var connection = await connections.OpenAsync(CancellationToken.None);
        await ResetMark.SetAsync(connection, CancellationToken.None);
        return name;
    }

    private static async Task<string> MigratedAsync(DemoServer server)
    {
        var name = await server.CreateAsync("theirs");
        foreach (var file in PetGroomingMigrations.Files)
        {
            await server.RunAsync(name, file.Sql);
        }

        return name;
    }

    private static async Task DumpAsync(DemoServer server, int multiple, string file)
    {
        var name = await MarkedAsync(server);
        await ResetAsync(server, name, multiple);
        await RunAsync("pg_dump", "--data-only", "--schema=public", $"--file={file}", server.UrlOf(name));
    }

    private static async Task RunAsync(string program, params IReadOnlyList<string> arguments)
    {
        var result = await Command.RunAsync(program, arguments);
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program}: exit code {result.ExitCode}\n{result.Output}");
        }
    }

    private sealed class Silence : ChainLog
    {
        public override void Done(string step, string text, TimeSpan? took = null)
        {
        }

        public override void Waiting(string text)
        {
        }
    }
}
