using System.CommandLine;
using Slipway.Crds;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Config;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Leases;
using Slipway.Operator.Uninstalling;
using Slipway.Retry;

namespace Slipway.Operator.Commands;

/// <summary><c>slipway uninstall</c>: takes Slipway's hands off a cluster. Can be repeated, and needs no database.</summary>
public static class UninstallCommand
{
    private const string Help =
        "Take Slipway's hands off a cluster: workloads and Services no longer belong to their Stack, and Slipway's finalizer goes from every "
        + "Stack and Deployment (slipway.dev), so that the custom resource definitions can be deleted and workloads run on. Run it as an admin, "
        + "after the operator was stopped. It needs no database, and can be repeated.";

    public static readonly IReadOnlyList<OptionSpec> Options =
    [
        new("--kubeconfig", "SLIPWAY_KUBECONFIG", null, "Kubeconfig file of an admin. Default: KUBECONFIG, else the pod's service account, else ~/.kube/config"),
        new("--context", "SLIPWAY_CONTEXT", null, "Context of the kubeconfig. Default: its current context"),
        new("--lease-namespace", "SLIPWAY_LEASE_NAMESPACE", null, "Namespace of the operator's Lease. Default: the pod's own, outside of a pod slipway-system"),
    ];

    public static Command Build()
    {
        var command = new Command("uninstall", Help);
        var values = OptionFlags.AddTo(command, Options);
        var force = new Option<bool>("--force") { Description = "Do it although an operator is running; it takes over again what is left to it" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only print what would be done" };
        command.Options.Add(force);
        command.Options.Add(dryRun);
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(values(parsed), parsed.GetValue(force), parsed.GetValue(dryRun), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(OptionValues values, bool force, bool dryRun, CancellationToken cancellationToken)
    {
        try
        {
            var kubeconfig = OptionFlags.LoadKubeconfig(values);
            using var client = new KubeClient(kubeconfig, new KubeClientOptions { FieldManager = WellKnown.FieldManager, UserAgent = "slipway-uninstall" });
            var lease = LeaderOptions.Usual(values.Optional("--lease-namespace")).For(kubeconfig, $"uninstall-on-{Environment.MachineName}");
            return await RunAsync(client, lease, force, dryRun, cancellationToken);
        }
        catch (InvalidOptionException error)
        {
            return await SayAsync(error.Message, ExitCodes.BadOptions);
        }
        catch (OperatorRunsException error)
        {
            return await SayAsync(error.Message, ExitCodes.OperatorRuns);
        }
    }

    private static async Task<int> RunAsync(KubeClient client, LeaseOptions lease, bool force, bool dryRun, CancellationToken cancellationToken)
    {
        var retry = new ConflictRetry(new ConflictRetryOptions(), TimeProvider.System, Random.Shared);
        var uninstallation = new Uninstallation(client, retry, Console.Out, dryRun);
        var why = "";
        try
        {
            await (force || dryRun
                ? uninstallation.RunAsync(cancellationToken)
                : new LeaderLease(client, lease, Console.Out, TimeProvider.System, Random.Shared).KeepAsync(uninstallation.RunAsync, cancellationToken));
        }
        catch (Exception error) when (error is OperationCanceledException or ApiException or KubeConfigException or LeaseLostException)
        {
            why = error is OperationCanceledException ? "interrupted" : error.Message;
        }

        Console.WriteLine($"{uninstallation.Done} changes {(dryRun ? "would be made" : "made")}, {uninstallation.Failed} failed");
        return why.Length == 0 && uninstallation.Failed == 0
            ? ExitCodes.Stopped
            : await SayAsync($"not everything was reached{(why.Length == 0 ? "" : $" ({why})")}: run it again", ExitCodes.Incomplete);
    }

    private static async Task<int> SayAsync(string message, int code)
    {
        await Console.Error.WriteLineAsync($"slipway uninstall: {message}");
        return code;
    }
}
