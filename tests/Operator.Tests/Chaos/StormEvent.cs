namespace Slipway.Operator.Tests.Chaos;

/// <summary>What can happen in a storm.</summary>
public enum StormKind
{
    /// <summary>A Deployment with an image that runs at once, or once it is let go.</summary>
    ReleaseImage,

    /// <summary>One whose image never runs, is not in the registry, or is no image name.</summary>
    ReleaseBadImage,

    /// <summary>One that is built: well, badly, or held in one of its steps until it is let go.</summary>
    ReleaseBuild,
    ReleaseCurrent,
    RollBack,
    Cancel,
    Delete,

    /// <summary>A deleted Deployment is applied again, to the letter.</summary>
    Reapply,
    SetConcurrency,
    SetTimeouts,
    SetSource,
    SetTemplate,
    Suspend,
    DeleteJob,
    DeleteBuildPod,
    DeleteWorkload,
    DeleteStack,
    MakeStack,

    /// <summary>The oldest pod or build that is held goes on.</summary>
    LetGo,
    Kill,
    Start,
    Pause,
    Resume,
    HoldWatches,
    ReleaseWatches,
    CutApi,
    CutDatabase,

    /// <summary>The next write of a workload is held on its way, and comes when much has happened since it was decided.</summary>
    HoldWrite,
    ReleaseWrites,

    /// <summary>Nothing, until the operators have made some moves.</summary>
    Breathe,
}

/// <summary>One thing that happens. What it means exactly depends on what there is when it happens.</summary>
/// <param name="Kind">What.</param>
/// <param name="Place">To which stack or operator: taken modulo their number.</param>
/// <param name="Pick">Which of several possibilities: taken modulo their number.</param>
public sealed record StormEvent(StormKind Kind, int Place, int Pick);
