using System.CommandLine;
using Slipway.Ledger;

namespace Slipway.Operator.Commands;

/// <summary><c>slipway migrate</c>: the ledger's schema, by itself. The operator that leads does the same at its start.</summary>
public static class MigrateCommand
{
    private const string Help =
        "Bring the ledger's schema up to what this version knows. The operator that leads does so by itself; this is for whoever wants it done "
        + "before, or with the rights of another database user. Can be repeated, and while operators run.";

    public static readonly IReadOnlyList<OptionSpec> Options =
    [
        new("--database", "DATABASE_URL", null, "The ledger's PostgreSQL database, as for slipway operator"),
    ];

    public static Command Build()
    {
        var command = new Command("migrate", Help);
        var values = OptionFlags.AddTo(command, Options);
        var dryRun = new Option<bool>("--dry-run") { Description = "Only look whether this version understands the schema that is there" };
        command.Options.Add(dryRun);
        command.SetAction((parsed, cancellationToken) => RunAsync(values(parsed), parsed.GetValue(dryRun), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(OptionValues values, bool dryRun, CancellationToken cancellationToken)
    {
        try
        {
            await using var database = LedgerDataSource.Create(OperatorOptions.DatabaseOf(values));
            await MigrateAsync(new Migrator(database, TimeProvider.System), dryRun, cancellationToken);
            return ExitCodes.Stopped;
        }
        catch (InvalidOptionException error)
        {
            return await SayAsync(error.Message, ExitCodes.BadOptions);
        }
        catch (Exception error) when (error is LedgerSchemaTooNewException or MigrationChangedException)
        {
            return await SayAsync(error.Message, ExitCodes.ForeignLedger);
        }
        catch (Exception error) when (error is OperationCanceledException || LedgerFaults.IsUnavailable(error))
        {
            return await SayAsync($"the database was not reached ({error.Message}): run it again", ExitCodes.Incomplete);
        }
    }

    private static async Task MigrateAsync(Migrator migrator, bool dryRun, CancellationToken cancellationToken)
    {
        if (dryRun)
        {
            await migrator.CheckAsync(cancellationToken);
            Console.WriteLine("This version understands the schema that is there, or there is none.");
            return;
        }

        var result = await migrator.MigrateAsync(cancellationToken);
        foreach (var name in result.Applied)
        {
            Console.WriteLine($"applied {name}");
        }

        Console.WriteLine(result.Applied.Count == 0
            ? $"Nothing to do: the schema is at version {result.Version}."
            : $"The schema is at version {result.Version} now.");
    }

    private static async Task<int> SayAsync(string message, int code)
    {
        await Console.Error.WriteLineAsync($"slipway migrate: {message}");
        return code;
    }
}
