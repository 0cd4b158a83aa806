using System.CommandLine;
using Npgsql;
using Slipway.DemoData;
using Slipway.DemoData.Chain;
using Slipway.DemoData.Locking;
using Slipway.Operator.DemoData;

namespace Slipway.Operator.Commands;

/// <summary><c>slipway reset-demo-data</c> and <c>slipway seed-demo-data</c>: make a demo database new.</summary>
public static class DemoDataCommand
{
    private const string ResetHelp =
        "Make a demo database new: its schema as the migrations make it, its rows those of the data set. All of it or nothing, one process at a time; "
        + "readers go on seeing the old data until the new are there. Only databases that 'slipway allow-reset' has marked are touched.";

    private const string SeedHelp =
        "Replace the rows of a demo database whose schema is migrated already: the tables of the data set have its rows afterwards, and no others. All of it "
        + "or nothing, one process at a time. Only databases that 'slipway allow-reset' has marked are touched.";

    public static Command BuildReset() => Build("reset-demo-data", ResetHelp, DemoDataOptions.Reset, async (chain, options, stop) =>
        await chain.ResetAsync(options.Migrations, options.Data, stop));

    public static Command BuildSeed() => Build("seed-demo-data", SeedHelp, DemoDataOptions.Seed, async (chain, options, stop) =>
        await chain.SeedAsync(options.Data, stop));

    private static Command Build(string name, string help, IReadOnlyList<OptionSpec> specs, Func<DemoChain, DemoDataOptions, CancellationToken, Task> run)
    {
        var command = new Command(name, help);
        var values = OptionFlags.AddTo(command, specs);
        command.SetAction((parsed, cancellationToken) => RunAsync(name, values(parsed), run, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        string name, OptionValues values, Func<DemoChain, DemoDataOptions, CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        try
        {
            var options = DemoDataOptions.Read(values, name);
            await using var connections = Connect(values, options.Address);
            var log = new ConsoleLog(Console.Out, Console.Error);
            using var mutex = LeaseMutexOptions.Open(values, name, options.Chain.WaitForLock, log);
            var chain = new DemoChain(connections, options.Chain, mutex?.Mutex, log, TimeProvider.System, Random.Shared);
            await run(chain, options, cancellationToken);
            return ExitCodes.Stopped;
        }
        catch (InvalidOptionException error)
        {
            return await SayAsync(name, error.Message, ExitCodes.BadOptions);
        }
        catch (DemoDataException error)
        {
            return await SayAsync(name, error.Message, ExitCodes.Of(error.Fault));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return await SayAsync(name, "interrupted: the old data stand. Run it again.", ExitCodes.Incomplete);
        }
        catch (PostgresException error)
        {
            return await SayAsync(name, $"the database says something that was not expected: {error.MessageText} ({error.SqlState})\n{error}", ExitCodes.Unexpected);
        }
    }

    private static DemoConnections Connect(OptionValues values, NpgsqlConnectionStringBuilder address)
    {
        try
        {
            return new DemoConnections(address, TimeProvider.System);
        }
        catch (ArgumentException error)
        {
            throw new InvalidOptionException($"{values.Name("--database")}: {error.Message}");
        }
    }

    private static async Task<int> SayAsync(string command, string message, int code)
    {
        await Console.Error.WriteLineAsync($"slipway {command}: {message}");
        return code;
    }
}
