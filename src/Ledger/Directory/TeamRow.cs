using Slipway.Ledger.Slugs;

namespace Slipway.Ledger.Directory;

/// <summary>What the ledger is told about a team.</summary>
/// <param name="Uid">The UID of the Team object.</param>
/// <param name="Name">Its name.</param>
/// <param name="Generation">The generation of the object that says so: an older one never overwrites a newer one.</param>
/// <param name="DisplayName">What people call it.</param>
/// <param name="Owner">Who owns it.</param>
/// <param name="Members">Who else belongs to it; the owner may be among them.</param>
/// <param name="Slug">The slug that it asks for.</param>
/// <param name="Cluster">The cluster that the object is in, by the UID of its namespace kube-system; null if that could not be found out.</param>
public sealed record TeamRegistration(
    Guid Uid,
    string Name,
    long Generation,
    string? DisplayName,
    string Owner,
    IReadOnlyList<string> Members,
    SlugAsk Slug,
    Guid? Cluster = null);

/// <summary>A team as the ledger knows it.</summary>
/// <param name="Id">The key of its row.</param>
/// <param name="Uid">The UID of the Team object.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsLive">Whether it is there; the row of a deleted one stays, as the tombstone of its UID.</param>
/// <param name="Generation">The generation of the object that was followed last.</param>
/// <param name="DisplayName">What people call it.</param>
/// <param name="Owner">Who owns it; null once it is deleted.</param>
/// <param name="Slug">Its slug; null once it is deleted.</param>
/// <param name="SlugBase">What that was made of.</param>
/// <param name="Cluster">The cluster that it was registered from; null if that was not recorded.</param>
public sealed record TeamRow(
    long Id,
    Guid Uid,
    string Name,
    bool IsLive,
    long Generation,
    string? DisplayName,
    string? Owner,
    string? Slug,
    string? SlugBase,
    Guid? Cluster);

/// <summary>What became of a team that was registered.</summary>
/// <param name="Row">The team as it is now; null when it was not created.</param>
/// <param name="FormerOwner">Who owned it until this very call; null unless that was somebody else.</param>
/// <param name="SlugsExhausted">It was not created, because every slug that it may have is taken.</param>
public sealed record TeamOutcome(TeamRow? Row, string? FormerOwner = null, bool SlugsExhausted = false);

/// <summary>What became of a team that was to end.</summary>
/// <param name="Stacks">Stacks that are bound to it, as <c>namespace/name</c>, the first few; empty when it is deleted.</param>
public sealed record TeamEnd(IReadOnlyList<string> Stacks)
{
    /// <summary>Whether it is deleted.</summary>
    public bool IsDeleted => Stacks.Count == 0;
}
