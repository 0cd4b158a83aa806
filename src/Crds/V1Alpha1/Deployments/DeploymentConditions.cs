namespace Slipway.Crds.V1Alpha1.Deployments;

/// <summary>Condition types of a Deployment, beside Ready, Reconciling and Stalled.</summary>
public static class DeploymentConditions
{
    /// <summary>True once the release has its version; absent before.</summary>
    public const string VersionAllocated = "VersionAllocated";

    /// <summary>True once the image was built; false when that failed. Absent for releases that build nothing.</summary>
    public const string ImageBuilt = "ImageBuilt";

    /// <summary>True once the built image is in its registry; false when that failed. Absent for releases that build nothing.</summary>
    public const string ImagePushed = "ImagePushed";

    /// <summary>True once the workload ran the release's digest with every replica available; false while it rolls out or when it never did.</summary>
    public const string WorkloadReady = "WorkloadReady";

    public static readonly IReadOnlyList<string> All =
    [
        WellKnown.Conditions.Ready, WellKnown.Conditions.Reconciling, WellKnown.Conditions.Stalled,
        VersionAllocated, ImageBuilt, ImagePushed, WorkloadReady,
    ];
}
