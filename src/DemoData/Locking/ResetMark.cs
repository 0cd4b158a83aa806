using Npgsql;

namespace Slipway.DemoData.Locking;

/// <summary>
/// The mark that allows to make a database new: a setting of the database itself, read where only its administrator can write it. What a
/// session says of the setting is never asked: a client can set that itself. It names the database and the server, so
/// that a copy of it under another name or on another server does not inherit the permission.
/// </summary>
public static class ResetMark
{
    /// <summary>Name of the setting.</summary>
    public const string Setting = "slipway.resettable";

    private const string ExpectedSql = "SELECT current_database() || '@' || system_identifier FROM pg_catalog.pg_control_system()";

    private const string MarkSql =
        """
        SELECT substr(item, length('slipway.resettable=') + 1)
        FROM pg_catalog.pg_db_role_setting AS setting
        JOIN pg_catalog.pg_database AS database ON database.oid = setting.setdatabase
        CROSS JOIN LATERAL unnest(setting.setconfig) AS item
        WHERE database.datname = current_database() AND setting.setrole = 0 AND starts_with(item, 'slipway.resettable=')
        """;

    /// <summary>What the mark of this database has to be: <c>name@system identifier</c>.</summary>
    public static async Task<string> ExpectedAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (await connection.Command(ExpectedSql).ScalarAsync<string>(cancellationToken))!;

    /// <exception cref="DemoDataException">The database does not carry it: <see cref="DemoDataFault.NotResettable"/>.</exception>
    public static async Task CheckAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var expected = await ExpectedAsync(connection, cancellationToken);
        var mark = await connection.Command(MarkSql).ScalarAsync<string>(cancellationToken);
        if (mark == expected)
        {
            return;
        }

        var why = mark is null
            ? "it has not been marked as one that may be reset"
            : $"its mark, {Setting} = '{mark}', is that of another database (here it would have to be '{expected}')";
        throw new DemoDataException(
            DemoDataFault.NotResettable,
            $"Database {connection.Database} is left alone: {why}. If its data may be thrown away, let an administrator run "
            + "'slipway allow-reset --database <its address>' once.");
    }

    /// <summary>Sets the mark.</summary>
    /// <exception cref="PostgresException">The role may not do that (42501).</exception>
    public static async Task SetAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var expected = await ExpectedAsync(connection, cancellationToken);
        await connection.RunAsync($"ALTER DATABASE {Sql.Quote(connection.Database)} SET {Setting} = {Sql.Literal(expected)}", cancellationToken);
    }

    /// <summary>Takes it away.</summary>
    public static async Task RemoveAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        await connection.RunAsync($"ALTER DATABASE {Sql.Quote(connection.Database)} RESET {Setting}", cancellationToken);
}
