using Npgsql;

namespace Slipway.DemoData.Locking;

/// <summary>
/// What the database itself remembers of who makes it new: a token that rises with every holder, and which of the server's processes work
/// for whom. It lies in a schema of its own, which is never replaced.
/// </summary>
internal sealed class Fence(NpgsqlConnection connection)
{
    /// <summary>The schema.</summary>
    public const string Schema = "slipway_demo";

    private const string ExistsSql = $"SELECT to_regclass('{Schema}.fence') IS NOT NULL AND to_regclass('{Schema}.backends') IS NOT NULL";

    /// <summary>Under a lock, since IF NOT EXISTS does not keep two from creating the same at once.</summary>
    private const string CreateSql =
        $"""
        SELECT pg_advisory_xact_lock(hashtextextended('{Schema}', 0));
        CREATE SCHEMA IF NOT EXISTS {Schema};
        CREATE TABLE IF NOT EXISTS {Schema}.fence (
            singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
            token bigint NOT NULL CHECK (token >= 0),
            holder text,
            acquired_at timestamptz,
            CHECK ((holder IS NULL) = (acquired_at IS NULL))
        );
        CREATE TABLE IF NOT EXISTS {Schema}.backends (
            pid integer NOT NULL,
            started_at timestamptz NOT NULL,
            identity text NOT NULL,
            leased boolean NOT NULL,
            PRIMARY KEY (pid, started_at)
        );
        COMMENT ON SCHEMA {Schema} IS 'Made by slipway: who may make this database new. It is never reset.';
        INSERT INTO {Schema}.fence (token) VALUES (0) ON CONFLICT DO NOTHING
        """;

    /// <summary>When a process of another role began is hidden from us: such a one counts as living.</summary>
    private const string ForgetDeadSql =
        $"""
        DELETE FROM {Schema}.backends AS recorded WHERE NOT EXISTS (
            SELECT FROM pg_catalog.pg_stat_activity AS live
            WHERE live.pid = recorded.pid AND coalesce(live.backend_start, recorded.started_at) = recorded.started_at)
        """;

    private const string RecordSql =
        $"""
        INSERT INTO {Schema}.backends (pid, started_at, identity, leased)
        SELECT pid, backend_start, $2, $3 FROM pg_catalog.pg_stat_activity WHERE pid = ANY ($1)
        """;

    private const string LeasedSql = $"SELECT pid, started_at::text, identity FROM {Schema}.backends WHERE leased AND identity <> $1";

    /// <summary>A process that came later may have the same number: the time of its start tells.</summary>
    private const string TerminateSql =
        """
        SELECT CASE WHEN backend_start IS NULL THEN false ELSE pg_terminate_backend(pid) END
        FROM pg_catalog.pg_stat_activity WHERE pid = $1 AND coalesce(backend_start, $2::timestamptz) = $2::timestamptz
        """;

    private const string AliveSql = "SELECT EXISTS (SELECT FROM pg_catalog.pg_stat_activity WHERE pid = $1 AND backend_start = $2::timestamptz)";

    private const string MintSql =
        $"UPDATE {Schema}.fence SET token = token + 1, holder = $1, acquired_at = clock_timestamp() RETURNING token";

    private const string LeaveSql =
        $"""
        WITH freed AS (UPDATE {Schema}.fence SET holder = NULL, acquired_at = NULL WHERE token = $1)
        DELETE FROM {Schema}.backends WHERE identity = $2
        """;

    private const string ForgetSql = $"DELETE FROM {Schema}.backends WHERE identity = $1";

    private const string TokenSql = $"SELECT token FROM {Schema}.fence";

    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        if (await connection.Command(ExistsSql).ScalarAsync<bool>(cancellationToken))
        {
            return;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.RunAsync(CreateSql, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Says which of the server's processes will work for this holder, before they do anything.</summary>
    public async Task RecordAsync(int[] backends, string identity, bool leased, CancellationToken cancellationToken)
    {
        await ForgetDeadAsync(cancellationToken);
        await connection.Command(RecordSql).With(backends).With(identity).With(leased).RunAsync(cancellationToken);
    }

    /// <summary>Forgets the processes that are gone.</summary>
    public async Task ForgetDeadAsync(CancellationToken cancellationToken) => await connection.Command(ForgetDeadSql).RunAsync(cancellationToken);

    /// <summary>Those that worked for holders of the mutex; all of earlier terms, if ours still lasts after this was read.</summary>
    public Task<List<Backend>> LeasedAsync(string identity, CancellationToken cancellationToken) =>
        connection.Command(LeasedSql).With(identity)
            .ListAsync(row => new Backend(row.GetInt32(0), row.GetString(1), row.GetString(2)), cancellationToken);

    /// <returns>Null when it is gone; else whether it was told to end, which nobody is whom this role cannot see.</returns>
    /// <exception cref="PostgresException">This role may see it, but not end it (42501).</exception>
    public async Task<bool?> TerminateAsync(Backend backend, CancellationToken cancellationToken) =>
        await connection.Command(TerminateSql).With(backend.Pid).With(backend.StartedAt).ScalarAsync<bool?>(cancellationToken);

    public async Task<bool> IsAliveAsync(Backend backend, CancellationToken cancellationToken) =>
        await connection.Command(AliveSql).With(backend.Pid).With(backend.StartedAt).ScalarAsync<bool>(cancellationToken);

    /// <summary>From now on nothing of an earlier holder can be committed. Waits for one who is in the middle of a step.</summary>
    /// <exception cref="PostgresException">That takes longer than the session lets anybody wait (55P03).</exception>
    public async Task<long> MintAsync(string identity, CancellationToken cancellationToken) =>
        await connection.Command(MintSql).With(identity).ScalarAsync<long>(cancellationToken);

    public async Task LeaveAsync(long token, string identity, CancellationToken cancellationToken) =>
        await connection.Command(LeaveSql).With(token).With(identity).RunAsync(cancellationToken);

    /// <summary>For one who has recorded himself and never got to a token.</summary>
    public async Task ForgetAsync(string identity, CancellationToken cancellationToken) =>
        await connection.Command(ForgetSql).With(identity).RunAsync(cancellationToken);

    public async Task<long> TokenAsync(CancellationToken cancellationToken) =>
        await connection.Command(TokenSql).ScalarAsync<long>(cancellationToken);
}

/// <summary>A process of the database server.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="StartedAt">When it began, as the server writes it.</param>
/// <param name="Identity">Whom it worked for.</param>
internal sealed record Backend(int Pid, string StartedAt, string Identity);
