using System.CommandLine;
using Slipway.Kubernetes.Leases;
using Slipway.Ledger;

namespace Slipway.Operator.Commands;

/// <summary><c>slipway operator</c>: runs until it is told to stop.</summary>
public static class OperatorCommand
{
    public static readonly IReadOnlyList<OptionSpec> Options =
    [
        new("--database", "DATABASE_URL", null, "The ledger's PostgreSQL database: postgres://user:password@host:5432/name, or Npgsql's Host=…;Database=…"),
        new("--kubeconfig", "SLIPWAY_KUBECONFIG", null, "Kubeconfig file. Default: KUBECONFIG, else the pod's service account, else ~/.kube/config"),
        new("--context", "SLIPWAY_CONTEXT", null, "Context of the kubeconfig. Default: its current context"),
        new("--watch-namespaces", "SLIPWAY_WATCH_NAMESPACES", null, "Namespaces to work in, separated by commas, for an operator that may not look at others. Teams, which are in none, are looked after all the same. Default: all"),
        new("--probe-address", "SLIPWAY_PROBE_ADDRESS", "0.0.0.0:8081", "Where /healthz, /readyz and /metrics (Prometheus) are served"),
        new("--workers", "SLIPWAY_WORKERS", "8", "How many objects of one kind are reconciled at the same time, 1 to 256"),
        new("--log-level", "SLIPWAY_LOG_LEVEL", "information", "verbose, debug, information, warning or error"),
        new("--log-format", "SLIPWAY_LOG_FORMAT", "text", "text or json"),
        new("--insecure-registries", "SLIPWAY_INSECURE_REGISTRIES", null, "Registries spoken to over plain HTTP, host:port separated by commas; those on loopback always are"),
        new("--registry", "SLIPWAY_REGISTRY", null, "Registry (host, host:port or host/path) for the images of stacks without spec.build.repository"),
        new("--builder-image", "SLIPWAY_BUILDER_IMAGE", null, "Image with git, skopeo and buildah that builds images; wins over the one in --build-config"),
        new("--build-config", "SLIPWAY_BUILD_CONFIG", null, "YAML file that says how builds run: see docs/builds.md"),
        new("--env-keys-file", "SLIPWAY_ENV_KEYS_FILE", null, "File with the keys that stacks' variables are encrypted with, one <id>:<base64 of 32 bytes> a line, the first encrypts. Default: the Secret slipway-env-keys in the operator's namespace, made if there is none: see docs/environment.md"),
        new("--conflict-retries", "SLIPWAY_CONFLICT_RETRIES", "5", "How often a lost race (version, resourceVersion) is run again, 0 to 100"),
        new("--conflict-delay-min", "SLIPWAY_CONFLICT_DELAY_MIN", "5ms", "Least delay before a lost race is run again"),
        new("--conflict-delay-max", "SLIPWAY_CONFLICT_DELAY_MAX", "50ms", "Longest delay before a lost race is run again"),
        new("--leader-elect", "SLIPWAY_LEADER_ELECT", "true", "Of several operators only the one that holds a Lease works; false: without one, for a single operator"),
        new("--lease-namespace", "SLIPWAY_LEASE_NAMESPACE", null, "Namespace of the Lease slipway-operator. Default: the pod's own, outside of a pod slipway-system"),
        new("--lease-duration", "SLIPWAY_LEASE_DURATION", "15s", "How long the others wait for a sign of life of the leader, whole seconds"),
        new("--lease-renew-deadline", "SLIPWAY_LEASE_RENEW_DEADLINE", "10s", "How long the leader goes on without a renewal of its lease; then it ends"),
        new("--lease-retry-period", "SLIPWAY_LEASE_RETRY_PERIOD", "2s", "How often the lease is renewed, or looked at"),
        new("--vanished-after", "SLIPWAY_VANISHED_AFTER", "10m", "How long a Stack or Team must be gone without a teardown before the ledger ends it; restored within that time it goes on as it was"),
        new("--archive-after", "SLIPWAY_ARCHIVE_AFTER", "90d", "How long ago a release must have ended to go to the ledger's archive, where it can still be rolled back to"),
        new("--drain-timeout", "SLIPWAY_DRAIN_TIMEOUT", "30s", "How long running work may take to end when the operator is told to stop"),
    ];

    public static Command Build()
    {
        var command = new Command("operator", "Run the operator: it owns the Stacks and Deployments (slipway.dev) of a cluster.");
        var values = OptionFlags.AddTo(command, Options);
        command.SetAction((parsed, cancellationToken) => RunAsync(values(parsed), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(OptionValues values, CancellationToken cancellationToken)
    {
        try
        {
            var options = OperatorOptions.Read(values);
            var kubeconfig = OptionFlags.LoadKubeconfig(values);
            return await OperatorHost.RunAsync(options, kubeconfig, cancellationToken);
        }
        catch (InvalidOptionException error)
        {
            await Console.Error.WriteLineAsync($"slipway operator: {error.Message}");
            return ExitCodes.BadOptions;
        }
        catch (Exception error) when (error is LedgerSchemaTooNewException or MigrationChangedException)
        {
            await Console.Error.WriteLineAsync($"slipway operator: {error.Message}");
            return ExitCodes.ForeignLedger;
        }
        catch (LeaseLostException)
        {
            // Logged when it happened. Another operator leads by now; a restart makes this one a standby.
            return ExitCodes.LeaseLost;
        }
    }
}
