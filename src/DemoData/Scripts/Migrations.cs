using Npgsql;
using Slipway.DemoData.Chain;

namespace Slipway.DemoData.Scripts;

/// <summary>Migrations that are SQL scripts, run in the order in which they are given.</summary>
public sealed class Migrations : IMigrations
{
    private const DemoDataFault Fault = DemoDataFault.BrokenMigration;

    private readonly IReadOnlyList<SqlScript> _scripts;

    /// <summary>They are read here: what is not closed, or not to be read, shows before the database is touched.</summary>
    /// <exception cref="DemoDataException">One is no script: <see cref="DemoDataFault.BrokenMigration"/>.</exception>
    public Migrations(string description, IReadOnlyList<ScriptSource> sources) =>
        (Description, _scripts) = (description, [.. sources.Select(source => SqlScript.Parse(source, Fault))]);

    public string Description { get; }

    public async Task<int> ApplyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var runner = new ScriptRunner(connection, Fault);
        var statements = 0;
        foreach (var script in _scripts)
        {
            statements += (await runner.RunAsync(script, cancellationToken)).Statements;
        }

        return statements;
    }
}
