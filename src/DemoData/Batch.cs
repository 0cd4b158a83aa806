using Npgsql;

namespace Slipway.DemoData;

/// <summary>Statements that were made by statements.</summary>
internal static class Batch
{
    /// <summary>Runs them in one round trip.</summary>
    public static async Task RunAsync(NpgsqlConnection connection, IReadOnlyList<string> statements, CancellationToken cancellationToken)
    {
        if (statements.Count == 0)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
