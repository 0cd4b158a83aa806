using System.CommandLine;
using Npgsql;
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
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be applied; fails like the real run when this version does not understand the schema that is there" };
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
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return await SayAsync("interrupted; each file is applied whole or not at all: run it again", ExitCodes.Incomplete);
        }
        catch (Exception error) when (LedgerFaults.IsUnavailable(error))
        {
            return await SayAsync($"the database was not reached ({error.Message}): run it again", ExitCodes.Incomplete);
        }
        catch (PostgresException error)
        {
            return await SayAsync($"the database refused it: {error.MessageText} ({error.SqlState})", ExitCodes.Unexpected);
        }
    }

    private static async Task MigrateAsync(Migrator migrator, bool dryRun, CancellationToken cancellationToken)
    {
        if (dryRun)
        {
            var missing = await migrator.CheckAsync(cancellationToken);
            Say("would apply", missing);
            Console.WriteLine(missing.Count == 0 ? "Nothing to do." : "Nothing was changed.");
            return;
        }

        var result = await migrator.MigrateAsync(cancellationToken);
        Say("applied", result.Applied);
        Console.WriteLine(result.Applied.Count == 0
            ? $"Nothing to do: the schema is at version {result.Version}."
            : $"The schema is at version {result.Version} now.");
    }

    private static void Say(string what, IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            Console.WriteLine($"{what} {name}");
        }
    }

    private static async Task<int> SayAsync(string message, int code)
    {
        await Console.Error.WriteLineAsync($"slipway migrate: {message}");
        return code;
    }
}
