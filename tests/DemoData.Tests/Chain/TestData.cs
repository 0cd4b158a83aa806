using Npgsql;
using Slipway.DemoData.Chain;
using Slipway.DemoData.Scripts;

namespace Slipway.DemoData.Tests.Chain;

/// <summary>A data set of a test.</summary>
/// <param name="fill">Fills the tables.</param>
/// <param name="tables">Those that it says it fills.</param>
internal sealed class TestData(Func<NpgsqlConnection, Task> fill, params IReadOnlyList<string> tables) : IDataSet
{
    public string Description => "test data";

    public IReadOnlyList<string> Tables { get; } = tables;

    /// <summary>A script.</summary>
    public static TestData Of(string sql, params IReadOnlyList<string> tables) => new(connection => RunAsync(connection, "data.sql", sql), tables);

    /// <summary>Runs statements as the files of people are run.</summary>
    public static async Task RunAsync(NpgsqlConnection connection, string name, string sql) =>
        await new ScriptRunner(connection, DemoDataFault.BrokenDataSet).RunAsync(SqlScript.Parse(name, sql, DemoDataFault.BrokenDataSet), default);

    public async Task<IReadOnlyList<FilledPart>> FillAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await fill(connection);
        return [new FilledPart("rows", 0)];
    }
}
