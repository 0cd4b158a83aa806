using Npgsql;
using Slipway.DemoData.Chain;

namespace Slipway.DemoData.Scripts;

/// <summary>The <c>.sql</c> and <c>.csv</c> files of a folder, in ordinal order of their names.</summary>
public sealed class DataFolder : IDataSet
{
    /// <summary>Where a script finds the address: <c>current_setting('slipway.admin_email', true)</c>.</summary>
    private const string AdminEmail = "slipway.admin_email";

    private const DemoDataFault Fault = DemoDataFault.BrokenDataSet;

    private readonly IReadOnlyList<Setting> _settings;
    private readonly IReadOnlyList<Part> _parts;

    /// <summary>The scripts are read here: what is not closed, or not to be read, shows before the database is touched.</summary>
    /// <param name="adminEmail">Of the person who must be able to log in; null if there is none.</param>
    /// <exception cref="DemoDataException">
    /// There is no such folder, no such file in it, or one that is no script: <see cref="DemoDataFault.BrokenDataSet"/>.
    /// </exception>
    public DataFolder(string folder, string? adminEmail)
    {
        var files = ScriptFolder.List(folder, Fault, ".sql", ".csv");
        _settings = adminEmail is null ? [] : [new Setting(AdminEmail, adminEmail)];
        _parts = [.. files.Select(file => file.Name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? OfCsv(file) : OfScript(file))];
        Description = ScriptFolder.Describe(folder, files.Count);
        Tables = [.. _parts.SelectMany(part => part.Tables).Distinct()];
    }

    public string Description { get; }

    public IReadOnlyList<string> Tables { get; }

    public async Task<IReadOnlyList<FilledPart>> FillAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // For triggers as well.
        await SessionSettings.EstablishAsync(connection, _settings, cancellationToken);
        var filled = new List<FilledPart>();
        foreach (var part in _parts)
        {
            filled.Add(new FilledPart(part.Name, await part.LoadAsync(connection, cancellationToken)));
        }

        await CheckConstraintsAsync(connection, cancellationToken);
        return filled;
    }

    /// <summary>Those that are deferred would otherwise break the commit, where nobody knows any more whose rows these are.</summary>
    private async Task CheckConstraintsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await RawStatement.RunAsync(connection, "SET CONSTRAINTS ALL IMMEDIATE", cancellationToken);
        }
        catch (PostgresException error) when (ServerErrors.Blames(error))
        {
            throw new DemoDataException(Fault, $"{Description}: {error.MessageText}{ServerErrors.Details(error)}", error);
        }
    }

    private static Part OfCsv(ScriptSource file)
    {
        var csv = new CsvFile(file);
        return new Part(csv.Table, [csv.Table], csv.LoadAsync);
    }

    private Part OfScript(ScriptSource file)
    {
        var script = SqlScript.Parse(file, Fault);
        return new Part(
            Path.GetFileName(file.Name),
            [.. script.Statements.SelectMany(statement => TargetTables.Of(statement.Text))],
            async (connection, cancellationToken) =>
                (await new ScriptRunner(connection, Fault, _settings).RunAsync(script, cancellationToken)).Rows);
    }

    private sealed record Part(
        string Name, IReadOnlyList<string> Tables, Func<NpgsqlConnection, CancellationToken, Task<long>> LoadAsync);
}
