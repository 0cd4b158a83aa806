using Npgsql;

namespace Slipway.Ledger.Env;

/// <summary>
/// Which revisions have a Secret. It is noted before one is made and forgotten after it was removed, so that none is left behind
/// whoever dies in between; and nobody need list Secrets.
/// </summary>
internal sealed class EnvProjections(NpgsqlDataSource dataSource)
{
    public const string Begin = "UPDATE slipway.env_revisions SET projected = true WHERE stack_id = $1 AND number = $2 AND NOT projected";

    public const string End = "UPDATE slipway.env_revisions SET projected = false WHERE stack_id = $1 AND number = $2 AND projected";

    public const string Obsolete = """
        SELECT number, stack_uid, keys, overridden, total_bytes FROM slipway.env_revisions e
        WHERE e.stack_id = $1 AND e.projected
          AND NOT EXISTS (SELECT FROM slipway.releases r WHERE r.stack_id = $1 AND r.in_flight AND r.env_revision = e.number)
          AND NOT EXISTS (SELECT FROM slipway.releases r WHERE r.stack_id = $1 AND r.phase = 'active' AND r.env_revision = e.number)
        ORDER BY number
        """;

    public Task BeginAsync(StackRow stack, long number, CancellationToken cancellationToken) =>
        dataSource.CreateCommand(Begin).With(stack.Id).With(number).RunAsync(cancellationToken);

    public Task EndAsync(StackRow stack, long number, CancellationToken cancellationToken) =>
        dataSource.CreateCommand(End).With(stack.Id).With(number).RunAsync(cancellationToken);

    public async Task<IReadOnlyList<EnvRevision>> ListObsoleteAsync(StackRow stack, CancellationToken cancellationToken) =>
        await dataSource.CreateCommand(Obsolete).With(stack.Id).ListAsync(EnvRevisions.ReadNames, cancellationToken);
}
