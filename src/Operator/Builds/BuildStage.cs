namespace Slipway.Operator.Builds;

/// <summary>Where a build stands, by the containers' own states.</summary>
public enum BuildStage
{
    /// <summary>There is no Job.</summary>
    Absent,

    /// <summary>There is a Job, and none of its containers has begun.</summary>
    Waiting,

    /// <summary>The source is fetched or built, or that has ended well.</summary>
    Building,

    /// <summary>The image is pushed.</summary>
    Pushing,

    /// <summary>The registry has the image, and its digest is known.</summary>
    Pushed,

    /// <summary>The source could not be fetched.</summary>
    SourceFailed,

    /// <summary>The image could not be built, or the build was ended from outside.</summary>
    BuildFailed,

    /// <summary>The image could not be pushed, or nobody knows under which digest it was.</summary>
    PushFailed,
}
