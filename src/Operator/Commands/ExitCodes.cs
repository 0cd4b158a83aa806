using Slipway.DemoData;

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

    /// <summary>Why a demo database was not made new.</summary>
    public static int Of(DemoDataFault fault) => fault switch
    {
        DemoDataFault.DatabaseUnavailable => 10,
        DemoDataFault.NotResettable => 11,
        DemoDataFault.LockHeld => 12,
        DemoDataFault.LockLost => 13,
        DemoDataFault.MutexUnavailable => 14,
        DemoDataFault.BrokenMigration => 15,
        DemoDataFault.BrokenDataSet => 16,
        DemoDataFault.TablesInUse => 17,
        DemoDataFault.CannotReplace => 18,
        DemoDataFault.NotPermitted => 19,
    };
}
