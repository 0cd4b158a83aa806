namespace Slipway.Operator.Commands;

/// <summary>What the process says by its exit code; documented in the README.</summary>
public static class ExitCodes
{
    public const int Stopped = 0;

    /// <summary>Something nobody expected; the log has the details.</summary>
    public const int Unexpected = 1;

    public const int BadOptions = 2;

    /// <summary>The ledger's schema is newer than this operator, or was altered.</summary>
    public const int ForeignLedger = 3;

    /// <summary>The leader's lease was lost: another operator may lead.</summary>
    public const int LeaseLost = 4;

    /// <summary>A command that acts on many objects did not get to all of them: it was interrupted, or the API server refused. Run it again.</summary>
    public const int Incomplete = 5;

    /// <summary>An operator is running and must be stopped first.</summary>
    public const int OperatorRuns = 6;
}
