using Shouldly;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Ledger;
using Slipway.Operator.Deployments;
using Slipway.Retry;
using Slipway.Testing;
using Xunit;

namespace Slipway.Operator.Tests.Releases;

public sealed class StateMachineTests
{
    [Fact]
    public async Task Is_the_same_table_in_the_ledger_and_in_the_api()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        await using var source = LedgerDataSource.Create(database.Url);
        await new Migrator(source, TimeProvider.System).MigrateAsync(CancellationToken.None);
        var ledger = new ReleaseLedger(source, TimeProvider.System, new ConflictRetry(new ConflictRetryOptions(), TimeProvider.System, Random.Shared));

        var stored = await ledger.ReadLegalTransitionsAsync(CancellationToken.None);

        stored.Select(move => (move.From.ToPhase(), move.To.ToPhase())).ShouldBe(DeploymentPhases.Moves, ignoreOrder: true);
    }

    [Fact]
    public void Agrees_on_what_is_in_flight_and_what_is_over()
    {
        foreach (var phase in Enum.GetValues<ReleasePhase>())
        {
            phase.IsInFlight().ShouldBe(phase.ToPhase().IsInFlight(), phase.ToString());
            phase.IsTerminal().ShouldBe(phase.ToPhase().IsTerminal(), phase.ToString());
        }
    }
}
