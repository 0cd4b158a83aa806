using Slipway.DemoData.Chain;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Leases;
using Slipway.Operator.Commands;

namespace Slipway.Operator.DemoData;

/// <summary>The way to the mutex in the cluster, as the options of a command say.</summary>
internal sealed class LeaseMutexOptions : IDisposable
{
    public static readonly IReadOnlyList<OptionSpec> Specs =
    [
        new("--lock", "DEMO_LOCK", "lease", "lease: a Lease in the cluster and the database's own lock; database: the latter alone, for laptops and CI"),
        new("--lock-namespace", "DEMO_LOCK_NAMESPACE", Rbac.DemoNamespace, "Namespace of the Leases; the same for everybody who uses the database"),
        new("--lease-duration", "DEMO_LEASE_DURATION", "30s", "How long others wait for a sign of life before they take over"),
        new("--lease-renew-deadline", "DEMO_LEASE_RENEW_DEADLINE", "20s", "How long the holder goes on without one that was accepted"),
        new("--lease-retry-period", "DEMO_LEASE_RETRY_PERIOD", "4s", "How often it gives one"),
        new("--kubeconfig", "SLIPWAY_KUBECONFIG", null, "Kubeconfig file. Default: KUBECONFIG, else the pod's service account, else ~/.kube/config"),
        new("--context", "SLIPWAY_CONTEXT", null, "Context of the kubeconfig. Default: its current context"),
    ];

    private readonly KubeClient _client;

    private LeaseMutexOptions(KubeClient client, LeaseMutex mutex) => (_client, Mutex) = (client, mutex);

    public LeaseMutex Mutex { get; }

    /// <summary>Null for <c>--lock database</c>.</summary>
    /// <exception cref="InvalidOptionException">An option is wrong, or there is no way to a cluster.</exception>
    public static LeaseMutexOptions? Open(OptionValues values, string command, TimeSpan patience, ChainLog log)
    {
        if (OperatorOptions.OneOf(values, "--lock", "lease", "database") == "database")
        {
            return null;
        }

        var lease = ReadLease(values, $"{command} on {Environment.MachineName}");
        try
        {
            var client = new KubeClient(OptionFlags.LoadKubeconfig(values), new KubeClientOptions { FieldManager = Crds.WellKnown.FieldManager, UserAgent = $"slipway-{command}" });
            return new LeaseMutexOptions(client, new LeaseMutex(client, lease, patience, log, TimeProvider.System, Random.Shared));
        }
        catch (InvalidOptionException error)
        {
            throw new InvalidOptionException($"{error.Message}. Without a cluster, give --lock database");
        }
    }

    public void Dispose() => _client.Dispose();

    private static LeaseOptions ReadLease(OptionValues values, string holder)
    {
        var times = LeaderOptions.ReadTimes(values);
        var @namespace = values.Required("--lock-namespace");
        return @namespace.Length == 0
            ? throw new InvalidOptionException("--lock-namespace is empty: name the namespace of the Leases")
            : LeaseMutex.Template(@namespace, holder, times.Duration, times.RenewDeadline, times.RetryPeriod);
    }
}
