using Slipway.Operator.Tests.Integration;
using Slipway.Testing;
using Slipway.Testing.Proxies;

namespace Slipway.Operator.Tests.Crashes;

/// <summary>An operator that can be ended right after any of its writes, and witnesses that count them past it.</summary>
public sealed class CrashWorld(CrashCluster cluster) : OperatorWorld(cluster)
{
    /// <summary>By a table of its last migration: an operator is ready before it has migrated the ledger.</summary>
    private const string IsMigrated = "SELECT to_regclass('slipway.slugs') IS NOT NULL";

    private PostgresProxy? _ledgerProxy;
    private LedgerWitness? _witness;

    public WriteRecorder Writes { get; private set; } = null!;

    protected override bool StartsOperator => false;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _witness = await LedgerWitness.StartAsync(Ledger);
        Proxy.OnEvery(Writes.HandleAsync);
        await Operator.StartAsync();
        await Eventually.See("a ledger with tables", () => Ledger.QueryAsync(IsMigrated, row => row.GetBoolean(0)), seen => seen[0], () => Operator.Log);
    }

    /// <summary>Waits until those who count from outside have counted what we have: of all time, so that nothing is ever missed.</summary>
    public Task CountsAgreeAsync(string @namespace) => Eventually.See(
        "the same number of writes inside and outside", () => CountAsync(@namespace), counts => counts.Inside == counts.Outside, () => Operator.Log);

    /// <summary>What the API server has written down of the operator's writes in a namespace.</summary>
    public Task<IReadOnlyList<AuditedWrite>> AuditedWritesAsync(string @namespace) => ((CrashCluster)Cluster).AuditedWritesAsync(@namespace);

    protected override string ConnectLedger()
    {
        _ledgerProxy = Ledger.NewProxy();
        Writes = new WriteRecorder(_ledgerProxy, () => Operator.KillAsync());
        _ledgerProxy.Committed = Writes.CommittedAsync;
        return Ledger.Through(_ledgerProxy.Port);
    }

    public override async Task DisposeAsync()
    {
        await (_witness?.DisposeAsync() ?? ValueTask.CompletedTask);
        await base.DisposeAsync();
        await (_ledgerProxy?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private async Task<(Counts Inside, Counts Outside)> CountAsync(string @namespace) => (
        new Counts(Writes.Accepted(@namespace), Writes.Commits, _ledgerProxy!.Tally),
        new Counts(
            (await AuditedWritesAsync(@namespace)).Count, await _witness!.ChangesAsync(), await _witness.StatisticsAsync()));

    /// <param name="ApiWrites">Requests that wrote an object in the namespace: audit log.</param>
    /// <param name="LedgerWrites">Transactions that wrote: write-ahead log.</param>
    /// <param name="Statements">What they were made of: pg_stat_statements.</param>
    private sealed record Counts(int ApiWrites, int LedgerWrites, PostgresTally Statements);
}
