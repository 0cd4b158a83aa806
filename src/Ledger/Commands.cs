using Npgsql;

namespace Slipway.Ledger;

/// <summary>Short ways to say parameters and rows.</summary>
internal static class Commands
{
    /// <summary>Adds the next positional parameter; null is SQL's NULL.</summary>
    public static NpgsqlCommand With<T>(this NpgsqlCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return command;
    }

    /// <summary>
    /// The same for a text. Messages of pods and containers may have NUL characters, which PostgreSQL refuses: a release whose failure
    /// cannot be written down would fail to fail, again and again.
    /// </summary>
    public static NpgsqlCommand With(this NpgsqlCommand command, string? value)
    {
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = value?.Replace('\0', '\uFFFD') });
        return command;
    }

    /// <summary>Runs it and tells how many rows it wrote.</summary>
    public static async Task<int> RunAsync(this NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using (command)
        {
            return await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Runs it and reads every row.</summary>
    public static async Task<List<T>> ListAsync<T>(
        this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
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

    /// <summary>Runs it and reads the first row, if there is one.</summary>
    public static async Task<T?> FirstAsync<T>(
        this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
        where T : class =>
        (await command.ListAsync(read, cancellationToken)).FirstOrDefault();

    public static T? Maybe<T>(this NpgsqlDataReader reader, int ordinal)
        where T : struct =>
        reader.IsDBNull(ordinal) ? null : reader.GetFieldValue<T>(ordinal);

    public static string? MaybeText(this NpgsqlDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);
}
