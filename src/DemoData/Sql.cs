using Npgsql;

namespace Slipway.DemoData;

/// <summary>Short ways to run statements and read rows.</summary>
internal static class Sql
{
    /// <summary>A name as it must be written in a statement.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A text as it must be written in a statement that takes no parameters.</summary>
    public static string Literal(string text) => text.Contains('\\', StringComparison.Ordinal)
        ? $" E'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'"
        : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql) => new(sql, connection);

    /// <summary>Adds the next positional parameter.</summary>
    public static NpgsqlCommand With<T>(this NpgsqlCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return command;
    }

    public static async Task RunAsync(this NpgsqlConnection connection, string sql, CancellationToken cancellationToken) =>
        await connection.Command(sql).RunAsync(cancellationToken);

    public static async Task<int> RunAsync(this NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using (command)
        {
            return await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>The first column of the first row; null when there is no row, or it is NULL.</summary>
    public static async Task<T?> ScalarAsync<T>(this NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using (command)
        {
            return await command.ExecuteScalarAsync(cancellationToken) is T value ? value : default;
        }
    }

    public static async Task<List<T>> ListAsync<T>(this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(read(reader));
            }

            return rows;
        }
    }

    /// <summary>The first column of every row, as texts.</summary>
    public static Task<List<string>> TextsAsync(this NpgsqlCommand command, CancellationToken cancellationToken) =>
        command.ListAsync(row => row.GetString(0), cancellationToken);
}
