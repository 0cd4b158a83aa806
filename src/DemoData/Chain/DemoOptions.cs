namespace Slipway.DemoData.Chain;

/// <summary>What is to be made new, and how patiently.</summary>
public sealed record DemoOptions
{
    /// <summary>The schema whose contents are replaced.</summary>
    public string Schema { get; init; } = "public";

    /// <summary>How long a database that is away or starting is waited for.</summary>
    public TimeSpan WaitForDatabase { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long somebody else may hold the lock.</summary>
    public TimeSpan WaitForLock { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long writers, or readers where the schema is replaced, may keep tables in use.</summary>
    public TimeSpan WaitForTables { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Who does this, for others to read; unique to this run.</summary>
    public required string Identity { get; init; }
}
