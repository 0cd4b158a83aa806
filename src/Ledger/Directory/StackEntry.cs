namespace Slipway.Ledger.Directory;

/// <summary>What the directory knows of a stack.</summary>
/// <param name="IsLive">Whether it is not on its way out.</param>
/// <param name="Slug">Its slug; null while it has none.</param>
/// <param name="SlugBase">What that was made of.</param>
/// <param name="TeamUid">The Team object that it is bound to; null when it is bound to none.</param>
/// <param name="TeamName">Its name.</param>
public sealed record StackEntry(bool IsLive, string? Slug, string? SlugBase, Guid? TeamUid, string? TeamName);

/// <summary>How a stack was bound to a team, or freed from one.</summary>
public enum BindOutcome
{
    /// <summary>It is so now, or was before.</summary>
    Bound,

    /// <summary>The ledger has no such team, or not any more.</summary>
    TeamUnknown,

    /// <summary>The stack is being deleted, or a newer generation of it has spoken.</summary>
    Outdated,
}
