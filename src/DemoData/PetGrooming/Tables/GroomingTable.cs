namespace Slipway.DemoData.PetGrooming.Tables;

/// <summary>The rows of a table, made while they are written. Ids count from 1 in the order of the rows.</summary>
/// <param name="columns">Of the values of a row, in their order.</param>
internal abstract class GroomingTable(string name, string columns)
{
    public string Name => name;

    /// <summary>Without schema: the search path leads to the one that is filled.</summary>
    public string CopyStatement => $"COPY {name} ({columns}) FROM STDIN (FORMAT BINARY)";

    /// <summary>Takes the lock that the copy needs.</summary>
    public string LockStatement => $"LOCK TABLE {name} IN ROW EXCLUSIVE MODE";

    public abstract Task WriteAsync(RowWriter row);
}
