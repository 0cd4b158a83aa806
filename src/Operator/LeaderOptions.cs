using Slipway.Crds.Meta;
using Slipway.Kubernetes.Config;
using Slipway.Kubernetes.Leases;

namespace Slipway.Operator;

/// <summary>Which lease the operators of a cluster contend for, and how patiently.</summary>
/// <param name="Namespace">Where it is; null for the pod's own namespace, and outside of a pod <see cref="Rbac.Namespace"/>.</param>
/// <param name="Duration">How long the others wait for a sign of life.</param>
/// <param name="RenewDeadline">How long the leader goes on without one that was accepted.</param>
/// <param name="RetryPeriod">How often it gives one.</param>
public sealed record LeaderOptions(string? Namespace, TimeSpan Duration, TimeSpan RenewDeadline, TimeSpan RetryPeriod)
{
    /// <summary>Name of the Lease.</summary>
    public const string Lease = "slipway-operator";

    /// <summary>With the usual times: for a command that contends only briefly.</summary>
    public static LeaderOptions Usual(string? @namespace) =>
        new(@namespace, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(2));

    /// <exception cref="InvalidOptionException">The times do not fit together.</exception>
    public static LeaderOptions Read(OptionValues values) => ReadTimes(values) with { Namespace = values.Optional("--lease-namespace") };

    /// <summary>Only the times, which commands with another lease have too; without a namespace.</summary>
    /// <exception cref="InvalidOptionException">The times do not fit together.</exception>
    internal static LeaderOptions ReadTimes(OptionValues values)
    {
        var options = new LeaderOptions(
            null,
            OperatorOptions.DurationOf(values, "--lease-duration"),
            OperatorOptions.DurationOf(values, "--lease-renew-deadline"),
            OperatorOptions.DurationOf(values, "--lease-retry-period"));
        try
        {
            options.For("namespace", "holder").Validate();
            return options;
        }
        catch (ArgumentException error)
        {
            throw new InvalidOptionException(
                $"--lease-duration {values.Required("--lease-duration")}, --lease-renew-deadline {values.Required("--lease-renew-deadline")}, "
                + $"--lease-retry-period {values.Required("--lease-retry-period")} do not fit together: {error.Message}");
        }
    }

    /// <param name="kubeconfig">Knows the pod's namespace, in a pod.</param>
    /// <param name="holder">Who contends.</param>
    public LeaseOptions For(KubeConfig kubeconfig, string holder) =>
        For(HomeOf(Namespace, kubeconfig), holder);

    /// <summary>The operator's own namespace: the one that was given, else the pod's, and outside of a pod <see cref="Rbac.Namespace"/>.</summary>
    internal static string HomeOf(string? given, KubeConfig kubeconfig) =>
        given ?? (kubeconfig.Context is null ? kubeconfig.Namespace : Rbac.Namespace);

    private LeaseOptions For(string @namespace, string holder) => new()
    {
        Key = new NamespacedName(@namespace, Lease),
        Holder = holder,
        Duration = Duration,
        RenewDeadline = RenewDeadline,
        RetryPeriod = RetryPeriod,
        Labels = new Dictionary<string, string> { [Crds.WellKnown.Labels.AppName] = "slipway" },
    };
}
