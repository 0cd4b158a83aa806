using System.Data;
using Npgsql;
using Slipway.Ledger.Env;

namespace Slipway.Ledger;

/// <summary>A stack and its releases, of one moment.</summary>
internal static class StackReading
{
    public static async Task<StackState?> ReadAsync(
        NpgsqlDataSource dataSource, Guid stackUid, int newest, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var stack = await new NpgsqlCommand(StackQueries.ByUid, connection, snapshot)
            .With(stackUid).FirstAsync(StackQueries.Read, cancellationToken);
        if (stack is null)
        {
            return null;
        }

        var inFlight = await new NpgsqlCommand(ReleaseQueries.InFlightOfStack, connection, snapshot)
            .With(stack.Id).ListAsync(ReleaseReader.Read, cancellationToken);
        var active = await new NpgsqlCommand(ReleaseQueries.ActiveOfStack, connection, snapshot)
            .With(stack.Id).FirstAsync(ReleaseReader.Read, cancellationToken);
        var history = await new NpgsqlCommand(ReleaseQueries.NewestOfStack, connection, snapshot)
            .With(stack.Id).With(newest).ListAsync(ReleaseReader.Read, cancellationToken);
        var source = await new NpgsqlCommand(StackSources.ByStack, connection, snapshot)
            .With(stack.Id).FirstAsync(StackSources.Read, cancellationToken);
        var ofSource = source?.Deployment is null
            ? null
            : await new NpgsqlCommand(ReleaseQueries.NewestOfName, connection, snapshot)
                .With(stack.Namespace).With(source.Deployment).With(stack.Uid).FirstAsync(ReleaseReader.Read, cancellationToken);
        var desired = inFlight.Find(release => release.Phase == ReleasePhase.Activating) ?? active;
        var env = await RevisionAsync(connection, snapshot, stack, stack.EnvRevision, cancellationToken);
        var desiredEnv = desired?.EnvRevision == stack.EnvRevision
            ? env
            : await RevisionAsync(connection, snapshot, stack, desired?.EnvRevision, cancellationToken);
        await snapshot.CommitAsync(cancellationToken);
        return new StackState(stack, desired, active, inFlight, history, source, ofSource, env, desiredEnv);
    }

    private static async Task<EnvRevision?> RevisionAsync(
        NpgsqlConnection connection, NpgsqlTransaction snapshot, StackRow stack, long? number, CancellationToken cancellationToken) =>
        number is null
            ? null
            : await new NpgsqlCommand(EnvRevisions.NamesByNumber, connection, snapshot)
                .With(stack.Id).With(number.Value).FirstAsync(EnvRevisions.ReadNames, cancellationToken);
}
