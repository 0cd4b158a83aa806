using System.CommandLine;
using Npgsql;
using Slipway.DemoData;
using Slipway.DemoData.Locking;
using Slipway.Operator.DemoData;

namespace Slipway.Operator.Commands;

/// <summary><c>slipway allow-reset</c>: marks a database as one whose data may be thrown away.</summary>
public static class AllowResetCommand
{
    private const string Name = "allow-reset";

    private const string Help =
        "Mark a database as one whose data may be thrown away by reset-demo-data and seed-demo-data. The mark is a setting of the database, names it and its "
        + "server, and so does not go along with a copy. Only a superuser can set it, or a role with SET on the parameter "
        + "(GRANT SET ON PARAMETER slipway.resettable TO ..., PostgreSQL 15 and later) that owns the database.";

    public static readonly IReadOnlyList<OptionSpec> Options =
    [
        new("--database", "DATABASE_URL", null, "Address of the demo database, with a user who administers it"),
    ];

    public static Command Build()
    {
        var command = new Command(Name, Help);
        var values = OptionFlags.AddTo(command, Options);
        var revoke = new Option<bool>("--revoke") { Description = "Take the mark away" };
        command.Options.Add(revoke);
        command.SetAction((parsed, cancellationToken) => RunAsync(values(parsed), parsed.GetValue(revoke), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(OptionValues values, bool revoke, CancellationToken cancellationToken)
    {
        try
        {
            var address = DemoDataOptions.AddressOf(values, Name);
            address.Pooling = false;
            await using var connections = new DemoConnections(address, TimeProvider.System);
            await using var connection = await connections.OpenAsync(TimeSpan.Zero, new ConsoleLog(Console.Out, Console.Error), cancellationToken);
            await (revoke ? ResetMark.RemoveAsync(connection, cancellationToken) : ResetMark.SetAsync(connection, cancellationToken));
            var mark = await ResetMark.ExpectedAsync(connection, cancellationToken);
            Console.WriteLine($"{connections.Name}: {(revoke ? "may not be reset any more" : $"may be reset ({ResetMark.Setting} = '{mark}')")}");
            return ExitCodes.Stopped;
        }
        catch (InvalidOptionException error)
        {
            return await SayAsync(error.Message, ExitCodes.BadOptions);
        }
        catch (DemoDataException error)
        {
            return await SayAsync(error.Message, ExitCodes.Of(error.Fault));
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return await SayAsync(
                $"{error.MessageText}: let a superuser run this, or have him run GRANT SET ON PARAMETER {ResetMark.Setting} TO the database's owner (PostgreSQL 15 and later)",
                ExitCodes.Of(DemoDataFault.NotPermitted));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return await SayAsync("interrupted", ExitCodes.Incomplete);
        }
    }

    private static async Task<int> SayAsync(string message, int code)
    {
        await Console.Error.WriteLineAsync($"slipway {Name}: {message}");
        return code;
    }
}
