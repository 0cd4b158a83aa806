using Npgsql;

namespace Slipway.DemoData.Scripts;

/// <summary>What a script did.</summary>
/// <param name="Statements">How many were run.</param>
/// <param name="Rows">How many rows they wrote, as far as PostgreSQL tells.</param>
internal sealed record ScriptResult(int Statements, long Rows);

/// <summary>Runs scripts in the transaction that the caller has begun on the connection, and leaves the session's settings as they were.</summary>
/// <param name="fault">Of the errors that are a script's.</param>
/// <param name="settings">Set when a script begins, until the transaction ends.</param>
internal sealed class ScriptRunner(NpgsqlConnection connection, DemoDataFault fault, params IReadOnlyList<Setting> settings)
{
    /// <summary>How a script is read, whatever the database's own setting is.</summary>
    private readonly IReadOnlyList<Setting> _settings = [new Setting("standard_conforming_strings", "on"), .. settings];

    /// <exception cref="DemoDataException">A statement is broken, or must not be here. The message tells file, line, statement and cause.</exception>
    /// <exception cref="NpgsqlException">No statement is to blame: the database is away, a lock was held, a time is over.</exception>
    public async Task<ScriptResult> RunAsync(SqlScript script, CancellationToken cancellationToken)
    {
        await SessionSettings.EstablishAsync(connection, _settings, cancellationToken);
        var before = await SessionSettings.ReadAsync(connection, cancellationToken);
        var result = new ScriptResult(0, 0);
        foreach (var statement in script.Statements.Where(statement => !StatementRules.IsSkipped(statement)))
        {
            var rows = await RunAsync(script.Name, statement, cancellationToken);
            result = new ScriptResult(result.Statements + 1, result.Rows + rows);
        }

        await before.RestoreAsync(connection, setting => StatementRules.IsSetForSession(script, setting), cancellationToken);
        return result;
    }

    private async Task<long> RunAsync(string file, SqlStatement statement, CancellationToken cancellationToken)
    {
        if (StatementRules.Refusal(statement) is { } reason)
        {
            throw new DemoDataException(fault, $"{file}, line {statement.Line}: {ServerErrors.Cut(statement.Text)} is refused: {reason}");
        }

        try
        {
            if (statement.CopyData is not { } rows)
            {
                return await RawStatement.RunAsync(connection, StatementRules.Adapted(statement.Text), cancellationToken);
            }

            await RawCopy.SendAsync(connection, statement.Text, rows.Text, cancellationToken);
            return CopyRows.Count(statement.Text, rows.Text);
        }
        catch (PostgresException error) when (ServerErrors.Blames(error))
        {
            throw ServerErrors.Explain(fault, file, statement, error);
        }
    }
}
