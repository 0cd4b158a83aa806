using System.ComponentModel;
using Slipway.Crds.Meta.Schema;

namespace Slipway.Crds.V1Alpha1.Teams;

/// <summary>
/// Who the team is. Nothing is required and lists are no maps, so that what is wrong gets the operator's verdict, which says what.
/// </summary>
public sealed record TeamSpec
{
    /// <summary>
    /// Characters that a subject has at most, each of up to four bytes in UTF-8: the ledger has it in an index, whose rows have at most
    /// 2704 bytes.
    /// </summary>
    public const int LongestSubject = 512;

    [Description("Name for people. The slug is made of it, unless spec.slug is given; absent: of the Team's name.")]
    [Schema(MaxLength = 1024)]
    public string? DisplayName { get; init; }

    [Description("The slug that is asked for, instead of one made of the name. Immutable.")]
    [Schema(MaxLength = 1024)]
    [Cel("self == oldSelf", "spec.slug is immutable; make a new Team")]
    public string? Slug { get; init; }

    [Description("Who owns the team: a user, group or service account, by the name under which people know it. Required. Another one here takes the ownership over.")]
    [Schema(MaxLength = LongestSubject)]
    public string? Owner { get; init; }

    [Description("Who else belongs to the team. The owner may be among them.")]
    [Schema(MaxItems = 1000)]
    public IReadOnlyList<TeamMember>? Members { get; init; }
}

public sealed record TeamMember
{
    [Description("A user, group or service account, as in spec.owner.")]
    [Schema(MaxLength = TeamSpec.LongestSubject)]
    public required string Subject { get; init; }
}
