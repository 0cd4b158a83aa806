using Npgsql;
using Slipway.DemoData.Chain;

namespace Slipway.DemoData.Scripts;

/// <summary>The <c>.sql</c> files of a folder, in ordinal order of their names.</summary>
public sealed class MigrationFolder : IMigrations
{
    private readonly Migrations _migrations;

    /// <exception cref="DemoDataException">
    /// There is no such folder, no such file in it, or one that is no script: <see cref="DemoDataFault.BrokenMigration"/>.
    /// </exception>
    public MigrationFolder(string folder)
    {
        var files = ScriptFolder.List(folder, DemoDataFault.BrokenMigration, ".sql");
        _migrations = new Migrations(ScriptFolder.Describe(folder, files.Count), files);
    }

    public string Description => _migrations.Description;

    public Task<int> ApplyAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        _migrations.ApplyAsync(connection, cancellationToken);
}
