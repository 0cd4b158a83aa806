using System.Security.Cryptography;
using System.Text;
using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.DemoData;
using Slipway.DemoData.Chain;
using Slipway.DemoData.Locking;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Leases;

namespace Slipway.Operator.DemoData;

/// <summary>The mutex of those who make a demo database new: a Lease named after the database.</summary>
/// <param name="client">The cluster.</param>
/// <param name="template">Namespace, holder and times; the name is made from the database's.</param>
/// <param name="patience">How long somebody else may hold it.</param>
/// <param name="log">Hears whom we wait for.</param>
internal sealed class LeaseMutex(KubeClient client, LeaseOptions template, TimeSpan patience, ChainLog log, TimeProvider time, Random random) : IMutex
{
    private const int ReadableLength = 40;

    /// <summary>Name of the Lease of a database: readable, and unique by its end.</summary>
    /// <param name="database"><c>name@system identifier</c>.</param>
    public static string NameOf(string database)
    {
        var name = database[..database.LastIndexOf('@')];
        var readable = new string([.. name.ToLowerInvariant().Take(ReadableLength).Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')]).Trim('-');
        var unique = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(database)))[..10];
        return readable.Length == 0 ? $"slipway-demo-{unique}" : $"slipway-demo-{readable}-{unique}";
    }

    public async Task RunAsync(string database, Func<MutexTerm, Task> work, CancellationToken cancellationToken)
    {
        var options = template with { Key = new NamespacedName(template.Key.Namespace, NameOf(database)) };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var wait = new LeaseWait(options.Key, patience, log, stop);
        try
        {
            await new LeaseLock(client, options, time, random, wait).RunAsync(
                async lease =>
                {
                    wait.Over();
                    await work(new LeaseMutexTerm(client, options.Key, lease, time));
                },
                stop.Token);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw wait.Verdict(error);
        }
        catch (LeaseLostException error)
        {
            throw new DemoDataException(
                DemoDataFault.LockLost, $"{error.Message}. Somebody else may have taken over; nothing was changed by this run after that.", error);
        }
    }

    /// <summary>A lease of this project's usual kind, in that namespace.</summary>
    public static LeaseOptions Template(string @namespace, string holder, TimeSpan duration, TimeSpan renewDeadline, TimeSpan retryPeriod) => new()
    {
        Key = new NamespacedName(@namespace, "slipway-demo"),
        Holder = holder,
        Duration = duration,
        RenewDeadline = renewDeadline,
        RetryPeriod = retryPeriod,
        Labels = new Dictionary<string, string> { [WellKnown.Labels.AppName] = "slipway" },
    };
}
