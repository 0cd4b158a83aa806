namespace Slipway.Ledger;

/// <summary>The names this ledger gives to errors and constraints, as they stand in the migrations.</summary>
internal static class SqlStates
{
    public const string IllegalTransition = "SL001";
    public const string RevisionNotNext = "SL002";

    /// <summary>What a slug is for, or the team that a stack names, is deleted.</summary>
    public const string IsDeleted = "SL003";
    public const string TeamInUse = "SL004";

    public const string VersionUnique = "releases_version_unique";
    public const string UidUnique = "releases_uid_unique";
    public const string IdentityUnique = "releases_identity_unique";
    public const string OneExclusive = "releases_one_exclusive";
    public const string OneActivating = "releases_one_activating";
    public const string OneActive = "releases_one_active";
    public const string SlugUnique = "slugs_unique";
    public const string SlugOfStack = "slugs_of_stack";
}
