namespace Slipway.Runtime.Tests.Queueing;

/// <summary>A rule of the queue that an implementation can get wrong.</summary>
public enum QueueFault
{
    /// <summary>None: the queue is right.</summary>
    None,

    /// <summary>A key added while a worker has it is not noted.</summary>
    ForgetsWhatIsAddedWhileProcessed,

    /// <summary>A key added while a worker has it is noted, but does not come back when the worker is done.</summary>
    DoesNotComeBackWhenDone,

    /// <summary>A key added while a worker has it is handed to a second worker.</summary>
    HandsOutTwiceAtOnce,

    /// <summary>A key that comes back when a worker is done comes back at the lowest priority.</summary>
    LosesThePriorityWhenDone,

    /// <summary>A key added to the better line stays in the other one, too.</summary>
    StandsInTwoLines,

    /// <summary>A waiting key that is added with a better priority stays where it is.</summary>
    DoesNotMoveUp,

    /// <summary>A waiting key that is added with a worse priority moves back.</summary>
    MovesDown,

    /// <summary>A waiting key that is added once more goes to the end of its line.</summary>
    GoesToTheEndWhenAddedAgain,

    /// <summary>Low before Normal.</summary>
    TakesLowFirst,

    /// <summary>Low never while there is Normal.</summary>
    LetsLowStarve,

    /// <summary>The last that became ready goes first.</summary>
    TakesTheLastFirst,

    /// <summary>Of two delays the later one counts.</summary>
    LetsTheLaterDelayWin,

    /// <summary>Of two delays the one asked for last counts.</summary>
    LetsTheLastDelayWin,

    /// <summary>Two delays of a key are two wake-ups.</summary>
    KeepsBothDelays,

    /// <summary>Of two delays the worse priority counts.</summary>
    LetsTheWorsePriorityWin,

    /// <summary>An Add meanwhile takes the place of the delay.</summary>
    ForgetsTheDelayWhenAdded,

    /// <summary>A delayed key comes a millisecond early.</summary>
    WakesTooEarly,

    /// <summary>Of several keys that are due, only the first wakes.</summary>
    WakesOneAtATime,

    /// <summary>Keys that are due wake in the order in which they were asked for.</summary>
    WakesOutOfOrder,

    /// <summary>A key's sixth retry is dropped.</summary>
    GivesUpAfterFiveRetries,

    /// <summary>What was ready at shutdown is not handed out any more.</summary>
    ForgetsWhatIsReadyAtShutdown,

    /// <summary>What comes after shutdown is taken in.</summary>
    TakesInAfterShutdown,

    /// <summary>What was delayed at shutdown still wakes.</summary>
    WakesAfterShutdown,
}
