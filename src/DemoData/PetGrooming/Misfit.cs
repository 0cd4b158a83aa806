using Npgsql;

namespace Slipway.DemoData.PetGrooming;

/// <summary>Tells a schema that is not the one of the built-in migrations from a database that is away, busy or told to stop.</summary>
internal static class Misfit
{
    private const string Remedy =
        "The built-in data set needs the built-in migrations: run slipway reset-demo-data without --migrations.";

    /// <summary>
    /// Whether trying again would end alike: the first two characters of the state tell the kind. Unsupported, wrong number of values, bad
    /// data, broken constraint, unknown name or no right to it, broken check of a view, and what a trigger raises.
    /// </summary>
    public static bool IsOne(PostgresException error) =>
        error.SqlState[..2] is "0A" or "21" or "22" or "23" or "42" or "44" or "P0" || IsOtherType(error);

    public static DemoDataException Of(string table, PostgresException error)
    {
        var cause = IsOtherType(error) ? $"a column has another type ({error.MessageText})" : error.MessageText;
        var remedy = error.SqlState == PostgresErrorCodes.InsufficientPrivilege ? "" : $" {Remedy}";
        return new DemoDataException(DemoDataFault.BrokenDataSet, $"Table {table} cannot be filled: {cause}.{remedy}", error);
    }

    /// <summary>
    /// A value shorter than the column's type wants it. Poolers give the same state to connections that they have lost, but with another
    /// text.
    /// </summary>
    private static bool IsOtherType(PostgresException error) =>
        error is { SqlState: PostgresErrorCodes.ProtocolViolation, MessageText: "insufficient data left in message" };
}
