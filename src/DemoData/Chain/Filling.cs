using Npgsql;
using Slipway.DemoData.Catalog;

namespace Slipway.DemoData.Chain;

/// <summary>Lets a data set fill, and checks at once what constraints would only check at the commit.</summary>
internal static class Filling
{
    /// <exception cref="DemoDataException">The data set has done what keeps readers waiting, or shows them empty tables.</exception>
    public static async Task CheckReadersAsync(NpgsqlConnection connection, string schema, IDataSet data, CancellationToken cancellationToken)
    {
        if (await InPlace.TakenAsync(connection, schema, cancellationToken) is { } table)
        {
            throw new DemoDataException(
                DemoDataFault.BrokenDataSet,
                $"{data.Description}: it keeps everybody from reading table {table} (TRUNCATE, ALTER TABLE, CREATE TRIGGER, DROP and the like do). Leave that out: "
                + "the tables are empty when it begins, and whatever changes them belongs to the migrations. Nothing was changed.");
        }
    }

    public static async Task<IReadOnlyList<FilledPart>> RunAsync(NpgsqlConnection connection, IDataSet data, CancellationToken cancellationToken)
    {
        var parts = await data.FillAsync(connection, cancellationToken);
        try
        {
            await connection.RunAsync("SET CONSTRAINTS ALL IMMEDIATE", cancellationToken);
            return parts;
        }
        catch (PostgresException error) when (error.SqlState.StartsWith("23", StringComparison.Ordinal))
        {
            throw new DemoDataException(
                DemoDataFault.BrokenDataSet,
                $"{data.Description}: {error.MessageText}{(error.Detail is null ? "" : $" ({error.Detail})")}. Nothing was changed.",
                error);
        }
    }
}
