namespace Slipway.DemoData;

/// <summary>Why a demo database could not be made new. Each has an exit code of its own.</summary>
public enum DemoDataFault
{
    /// <summary>The database could not be reached within the time that was given, or went away.</summary>
    DatabaseUnavailable,

    /// <summary>The database does not carry the mark that allows to reset it.</summary>
    NotResettable,

    /// <summary>Somebody else held the lock for longer than was to be waited.</summary>
    LockHeld,

    /// <summary>The lock was lost on the way: somebody else has taken over. Nothing was changed.</summary>
    LockLost,

    /// <summary>The mutex outside of the database cannot be used: its keeper is away, or refuses us.</summary>
    MutexUnavailable,

    /// <summary>A migration cannot be applied.</summary>
    BrokenMigration,

    /// <summary>The data set cannot be loaded.</summary>
    BrokenDataSet,

    /// <summary>The tables were in use for longer than was to be waited.</summary>
    TablesInUse,

    /// <summary>The role lacks a privilege that is needed.</summary>
    NotPermitted,

    /// <summary>The schema cannot be replaced without breaking something outside of it.</summary>
    CannotReplace,
}
