using Npgsql;

namespace Slipway.DemoData.Chain;

/// <summary>Lets a data set fill, and checks at once what constraints would only check at the commit.</summary>
internal static class Filling
{
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
