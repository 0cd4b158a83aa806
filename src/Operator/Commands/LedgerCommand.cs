using System.CommandLine;
using Slipway.Crds;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Config;
using Slipway.Kubernetes.Faults;
using Slipway.Ledger;
using Slipway.Ledger.Env;
using Slipway.Operator.Releases;
using Slipway.Operator.Repairing;
using Slipway.Retry;

namespace Slipway.Operator.Commands;

/// <summary><c>slipway ledger repair</c>: after a restore from an older backup. Can be repeated, and while an operator runs.</summary>
public static class LedgerCommand
{
    private const string Help =
        "Tell a ledger that was restored from an older backup what the cluster knows: releases that it has forgotten are inserted with their "
        + "versions and moves, so that no version is handed out twice and what runs goes on running. Stacks that are stalled with "
        + "LedgerBehind go on afterwards. The operator may run meanwhile. Can be repeated.";

    public static readonly IReadOnlyList<OptionSpec> Options =
    [
        new("--database", "DATABASE_URL", null, "The ledger's PostgreSQL database, as for slipway operator"),
        new("--env-keys-file", "SLIPWAY_ENV_KEYS_FILE", null, "File with the keys that stacks' variables are encrypted with, as for slipway operator. Default: the Secret slipway-env-keys in the namespace slipway-system"),
        new("--kubeconfig", "SLIPWAY_KUBECONFIG", null, "Kubeconfig file. Default: KUBECONFIG, else the pod's service account, else ~/.kube/config"),
        new("--context", "SLIPWAY_CONTEXT", null, "Context of the kubeconfig. Default: its current context"),
    ];

    public static Command Build()
    {
        var repair = new Command("repair", Help);
        var values = OptionFlags.AddTo(repair, Options);
        var dryRun = new Option<bool>("--dry-run") { Description = "Only print what would be done" };
        repair.Options.Add(dryRun);
        repair.SetAction((parsed, cancellationToken) => RunAsync(values(parsed), parsed.GetValue(dryRun), cancellationToken));
        var command = new Command("ledger", "Look after the ledger.");
        command.Subcommands.Add(repair);
        return command;
    }

    private static async Task<int> RunAsync(OptionValues values, bool dryRun, CancellationToken cancellationToken)
    {
        try
        {
            await using var database = LedgerDataSource.Create(OperatorOptions.DatabaseOf(values));
            var kubeconfig = OptionFlags.LoadKubeconfig(values);
            using var client = new KubeClient(kubeconfig, new KubeClientOptions { FieldManager = WellKnown.FieldManager, UserAgent = "slipway-repair" });
            var migrator = new Migrator(database, TimeProvider.System);
            Task schema = dryRun ? migrator.CheckAsync(cancellationToken) : migrator.MigrateAsync(cancellationToken);
            await schema;
            var retry = new ConflictRetry(new ConflictRetryOptions(), TimeProvider.System, Random.Shared);
            var env = new EnvLedger(database, TimeProvider.System, await KeysAsync(client, OperatorOptions.EnvKeysOf(values), cancellationToken));
            return await RepairAsync(client, new ReleaseLedger(database, TimeProvider.System, retry), env, dryRun, cancellationToken);
        }
        catch (InvalidOptionException error)
        {
            return await SayAsync(error.Message, ExitCodes.BadOptions);
        }
        catch (Exception error) when (error is LedgerSchemaTooNewException or MigrationChangedException)
        {
            return await SayAsync(error.Message, ExitCodes.ForeignLedger);
        }
        catch (Exception error) when (error is ApiException or KubeConfigException or OperationCanceledException || LedgerFaults.IsUnavailable(error))
        {
            return await SayAsync($"not everything was reached ({error.Message}): run it again", ExitCodes.Incomplete);
        }
    }

    private static async Task<int> RepairAsync(
        KubeClient client, ReleaseLedger ledger, EnvLedger env, bool dryRun, CancellationToken cancellationToken)
    {
        var registrar = new StackRegistrar(client, ledger, new ClusterIdentity(client, Console.Error.WriteLine));
        var repair = new LedgerRepair(client, ledger, new EnvRepair(client, env), registrar, Console.Out, TimeProvider.System, dryRun);
        await repair.RunAsync(cancellationToken);
        Console.WriteLine($"{repair.Repaired} releases {(dryRun ? "would be repaired" : "repaired")}, {repair.Failed} failed");
        return repair.Failed == 0 ? ExitCodes.Stopped : ExitCodes.Incomplete;
    }

    private static async Task<Func<EnvKeyRing>> KeysAsync(KubeClient client, string? file, CancellationToken cancellationToken)
    {
        if (file is not null)
        {
            return new EnvKeyFile(file).Read;
        }

        var secret = new EnvKeySecret(client, Rbac.Namespace, hasEncrypted: null, _ => { }, TimeProvider.System);
        await secret.LookAsync(cancellationToken);
        return secret.Read;
    }

    private static async Task<int> SayAsync(string message, int code)
    {
        await Console.Error.WriteLineAsync($"slipway ledger repair: {message}");
        return code;
    }
}
