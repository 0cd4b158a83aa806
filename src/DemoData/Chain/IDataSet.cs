using Npgsql;

namespace Slipway.DemoData.Chain;

/// <summary>What fills the tables of a migrated schema.</summary>
public interface IDataSet
{
    /// <summary>For people, for example <c>folder seeds (3 files)</c>.</summary>
    string Description { get; }

    /// <summary>
    /// Names of the tables that it certainly fills, without schema. That it fills others as well shows when it runs.
    /// </summary>
    IReadOnlyList<string> Tables { get; }

    /// <summary>
    /// Fills the tables, which are empty. Runs in the transaction that the caller has begun on this connection, and must neither end it nor
    /// change a setting beyond it; names without schema lead to the schema that is filled.
    /// </summary>
    /// <returns>How many rows of each table or file, in the order in which they were filled.</returns>
    /// <exception cref="DemoDataException">It does not fit: <see cref="DemoDataFault.BrokenDataSet"/>. The message tells file, line and cause.</exception>
    Task<IReadOnlyList<FilledPart>> FillAsync(NpgsqlConnection connection, CancellationToken cancellationToken);
}

/// <summary>A part of a data set.</summary>
/// <param name="Name">Table or file.</param>
/// <param name="Rows">Rows that were written.</param>
public sealed record FilledPart(string Name, long Rows);
