using Npgsql;

namespace Slipway.DemoData.Scripts;

/// <summary>Sends a single statement as it is, whatever is in it.</summary>
internal static class RawStatement
{
    /// <summary>Runs it to its end; rows that it returns are thrown away.</summary>
    /// <returns>How many rows it wrote.</returns>
    public static async Task<long> RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        // As a part of a batch a text is sent unchanged, or refused before anything is sent. A plain command may be cut in two instead.
        var command = new NpgsqlBatchCommand(sql);
        await using var batch = new NpgsqlBatch(connection) { Timeout = 0, BatchCommands = { command } };
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (NotSupportedException) when (connection.FullState == System.Data.ConnectionState.Open)
        {
            await RunQuotedAsync(connection, sql, cancellationToken);
            return 0;
        }

        return command.StatementType is StatementType.Insert or StatementType.Update or StatementType.Merge or StatementType.Copy
            ? (long)command.Rows
            : 0;
    }

    /// <summary>
    /// The client takes a semicolon within the statement, as in a body that is BEGIN ATOMIC ... END, for the end of it. It does not look
    /// into quotes, and the server runs what is in them. How many rows were written is not told then.
    /// </summary>
    private static async Task RunQuotedAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        var number = 0;
        while (sql.Contains($"q{number}$", StringComparison.Ordinal))
        {
            number++;
        }

        // The blank keeps a $ at the statement's end apart from the quote.
        var block = $"DO $outer_q{number}$ BEGIN EXECUTE $q{number}${sql} $q{number}$; END $outer_q{number}$";
        await using var batch = new NpgsqlBatch(connection) { Timeout = 0, BatchCommands = { new NpgsqlBatchCommand(block) } };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
