using Npgsql;

namespace Slipway.DemoData.Scripts;

/// <summary>What a session had set at one time, to be put back after a script. Placeholders (<c>my.setting</c>) are left alone.</summary>
internal sealed class SessionSettings
{
    private const string Read = """
        SELECT name, setting FROM pg_catalog.pg_settings
        WHERE source = 'session' AND context IN ('user', 'superuser') AND name NOT LIKE 'transaction\_%'
        UNION ALL SELECT 'role', pg_catalog.current_setting('role')
        """;

    /// <summary>Put back last, for it may not be allowed to put back the others.</summary>
    private const string Role = "role";

    private readonly Dictionary<string, string> _values;

    private SessionSettings(Dictionary<string, string> values) => _values = values;

    public static async Task<SessionSettings> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new NpgsqlBatchCommand(Read) } };
        return new SessionSettings(await ValuesAsync(batch, cancellationToken));
    }

    /// <summary>Sets them until the transaction ends.</summary>
    public static async Task EstablishAsync(NpgsqlConnection connection, IReadOnlyList<Setting> settings, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var setting in settings)
        {
            batch.BatchCommands.Add(Set(setting.Name, setting.Value));
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Undoes what has been set since: to the end of the transaction, what was set then is set again.</summary>
    /// <param name="isSetForSession">
    /// Whether a setting may have been set for longer than the transaction. After it, that one is what the connection began with: what the
    /// session had in between is not to be found out.
    /// </param>
    public async Task RestoreAsync(NpgsqlConnection connection, Func<string, bool> isSetForSession, CancellationToken cancellationToken)
    {
        var now = await IdentifyAsync(connection, cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var name in now.Keys.Union(_values.Keys).Where(IsChanged).OrderBy(name => name == Role))
        {
            var reset = isSetForSession(name) ? $"RESET {Identifiers.Quote(name)}" : $"SET LOCAL {Identifiers.Quote(name)} TO DEFAULT";
            batch.BatchCommands.Add(new NpgsqlBatchCommand(reset));
            if (_values.TryGetValue(name, out var value))
            {
                batch.BatchCommands.Add(Set(name, value));
            }
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        bool IsChanged(string name) => _values.GetValueOrDefault(name) != now.GetValueOrDefault(name);
    }

    /// <summary>Becomes again who the connection was opened as, who alone may look at and put back everything; tells what is set.</summary>
    private static async Task<Dictionary<string, string>> IdentifyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("RESET SESSION AUTHORIZATION"), new NpgsqlBatchCommand("RESET ROLE"), new NpgsqlBatchCommand(Read),
            },
        };
        return await ValuesAsync(batch, cancellationToken);
    }

    private static NpgsqlBatchCommand Set(string name, string value) => new("SELECT pg_catalog.set_config($1, $2, true)")
    {
        Parameters = { new NpgsqlParameter<string> { TypedValue = name }, new NpgsqlParameter<string> { TypedValue = value } },
    };

    /// <summary>Of the last command, which is the only one that has rows.</summary>
    private static async Task<Dictionary<string, string>> ValuesAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            values[reader.GetString(0)] = reader.GetString(1);
        }

        return values;
    }
}
