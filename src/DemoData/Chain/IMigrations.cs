using Npgsql;

namespace Slipway.DemoData.Chain;

/// <summary>What makes the tables of a schema, from nothing.</summary>
public interface IMigrations
{
    /// <summary>For people, for example <c>folder migrations (12 files)</c>.</summary>
    string Description { get; }

    /// <summary>
    /// Runs them all, in the transaction that the caller has begun on this connection, which they must not end; names without schema
    /// lead to the schema that is made.
    /// </summary>
    /// <returns>How many statements were run.</returns>
    /// <exception cref="DemoDataException">
    /// One is broken: <see cref="DemoDataFault.BrokenMigration"/>. The message tells file, line, statement and cause.
    /// </exception>
    Task<int> ApplyAsync(NpgsqlConnection connection, CancellationToken cancellationToken);
}
