namespace Slipway.Crds;

/// <summary>Reasons of conditions, failures and events: PascalCase facts that say who is at fault.</summary>
public static class Reasons
{
    public const string Applied = "Applied";
    public const string BuildFailed = "BuildFailed";
    public const string BuildNotConfigured = "BuildNotConfigured";
    public const string Cancelled = "Cancelled";
    public const string DeploymentConflict = "DeploymentConflict";
    public const string DeploymentInProgress = "DeploymentInProgress";
    public const string EmptyPatch = "EmptyPatch";
    public const string EnvKeyUnavailable = "EnvKeyUnavailable";
    public const string EnvRevisionActive = "EnvRevisionActive";
    public const string EnvTooLarge = "EnvTooLarge";
    public const string ImageUnavailable = "ImageUnavailable";
    public const string InvalidBuild = "InvalidBuild";
    public const string InvalidEnvKey = "InvalidEnvKey";
    public const string InvalidEnvValue = "InvalidEnvValue";
    public const string InvalidImage = "InvalidImage";
    public const string InvalidName = "InvalidName";
    public const string InvalidSource = "InvalidSource";
    public const string InvalidSpec = "InvalidSpec";
    public const string InvalidTemplate = "InvalidTemplate";
    public const string LedgerBehind = "LedgerBehind";
    public const string LedgerUnavailable = "LedgerUnavailable";
    public const string NoActiveRelease = "NoActiveRelease";
    public const string NoRelease = "NoRelease";
    public const string ObjectDeleted = "ObjectDeleted";
    public const string PersistFailed = "PersistFailed";
    public const string ProgressDeadlineExceeded = "ProgressDeadlineExceeded";
    public const string Progressing = "Progressing";
    public const string PushFailed = "PushFailed";
    public const string ReleaseFailed = "ReleaseFailed";
    public const string ResolvingImage = "ResolvingImage";
    public const string ScaledToZero = "ScaledToZero";
    public const string SecretNotFound = "SecretNotFound";
    public const string SecretNotLabelled = "SecretNotLabelled";
    public const string SourceFailed = "SourceFailed";
    public const string SpecChanged = "SpecChanged";
    public const string StackDeleting = "StackDeleting";
    public const string StackNotFound = "StackNotFound";
    public const string Suspended = "Suspended";
    public const string Timeout = "Timeout";
    public const string VersionCollision = "VersionCollision";
    public const string WaitingForBuild = "WaitingForBuild";
    public const string WaitingForSlot = "WaitingForSlot";
    public const string WaitingForTurn = "WaitingForTurn";
    public const string WorkloadConflict = "WorkloadConflict";
    public const string WorkloadReady = "WorkloadReady";
    public const string WorkloadRefused = "WorkloadRefused";
}
