using Npgsql;
using Slipway.DemoData.Chain;
using Slipway.DemoData.Locking;
using Slipway.DemoData.Scripts;
using Slipway.Kubernetes;
using Slipway.Operator.DemoData;
using Slipway.Testing.Cluster;

namespace Slipway.DemoData.Tests.Races;

/// <summary>A reset or a seed within the test's own process.</summary>
internal sealed class Run
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Npgsql's form.</summary>
    public required string Database { get; init; }

    public IMigrations? Migrations { get; init; }

    public required IDataSet Data { get; init; }

    /// <summary>Makes the mutex, of what hears of the waiting; none by default.</summary>
    public Func<ChainLog, IMutex?> Mutex { get; init; } = _ => null;

    public RecordedLog Log { get; init; } = new();

    public TimeSpan WaitForLock { get; init; } = Patience;

    public TimeSpan WaitForTables { get; init; } = Patience;

    /// <summary>The advisory lock that is taken; another one excludes nobody.</summary>
    public long LockKey { get; init; } = DatabaseLock.Key;

    /// <summary>A reset with folders; without migrations, a seed.</summary>
    public static Run Of(RaceDatabase database, string? migrations, string data, Func<ChainLog, IMutex?>? mutex = null) => new()
    {
        Database = database.ConnectionString,
        Migrations = migrations is null ? null : new MigrationFolder(migrations),
        Data = new DataFolder(data, null),
        Mutex = mutex ?? (_ => null),
    };

    /// <summary>The same, stopping in the middle of the step that fills.</summary>
    public static (Run Run, GatedData Gate) Gated(RaceDatabase database, string? migrations, string data, Func<ChainLog, IMutex?>? mutex = null)
    {
        var gate = new GatedData(new DataFolder(data, null));
        var run = new Run
        {
            Database = database.ConnectionString,
            Migrations = migrations is null ? null : new MigrationFolder(migrations),
            Data = gate,
            Mutex = mutex ?? (_ => null),
        };
        return (run, gate);
    }

    /// <summary>With a lease, like every run in a cluster.</summary>
    public static Func<ChainLog, IMutex?> Leased(KubeClient client, TestNamespace @namespace, string holder = "test") => log =>
        new LeaseMutex(
            client,
            LeaseMutex.Template(@namespace.Name, holder, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(1)),
            Patience,
            log,
            TimeProvider.System,
            Random.Shared);

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        var options = new DemoOptions { Identity = $"test_{Guid.NewGuid():N}", WaitForLock = WaitForLock, WaitForTables = WaitForTables };
        var address = new NpgsqlConnectionStringBuilder(Database) { ApplicationName = "slipway in a test" };
        await using var connections = new DemoConnections(address, TimeProvider.System);
        var chain = new DemoChain(connections, options, Mutex(Log), Log, TimeProvider.System, Random.Shared) { LockKey = LockKey };
        await (Migrations is null ? chain.SeedAsync(Data, cancellationToken) : chain.ResetAsync(Migrations, Data, cancellationToken));
    }
}
