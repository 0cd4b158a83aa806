using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Ledger.Slugs;

namespace Slipway.Operator.Slugs;

/// <summary>What the condition SlugAllocated says, of every kind that has a slug. Pure.</summary>
public sealed record SlugCondition(bool Allocated, string Reason, string Message)
{
    /// <summary>The object has a slug.</summary>
    /// <param name="ask">What it asks for now.</param>
    /// <param name="slug">What it has.</param>
    /// <param name="slugBase">What that was made of.</param>
    public static SlugCondition Of(SlugAsk ask, string slug, string? slugBase) => slugBase == ask.Base
        ? new SlugCondition(true, Reasons.Allocated, slug == ask.Base
            ? $"the slug is \"{slug}\""
            : $"the slug is \"{slug}\": \"{ask.Base}\" {(ReservedSlugs.Contains(ask.Base) ? "is reserved" : "was another one's")}")
        : new SlugCondition(
            true,
            Reasons.SlugKept,
            $"the slug stays \"{slug}\": a slug never changes, although \"{ask.Base}\" would be made of the names of now; for that one make a new {ask.Kind}");

    /// <summary>Every slug that it may have is taken.</summary>
    public static SlugCondition Exhausted(SlugAsk ask) => new(
        false,
        Reasons.SlugsExhausted,
        $"all slugs made of \"{ask.Base}\" are taken, \"{ask.Candidates[0]}\" to \"{ask.Candidates[^1]}\"; the first that is freed is taken by itself; to go on without waiting, change displayName or set spec.slug");

    /// <summary>The status names another slug than the ledger: that was restored from an older backup, and somebody else has it now.</summary>
    public static string Changed(string former, string slug) =>
        $"the slug is \"{slug}\" now: the ledger does not know that it was \"{former}\", which another one has";

    /// <summary>Puts it among the other conditions.</summary>
    public ConditionSet In(ConditionSet set) => set.Set(WellKnown.Conditions.SlugAllocated, Allocated, Reason, Message);

    /// <summary>Whether an object waits for a slug that is freed.</summary>
    public static bool IsExhausted(IReadOnlyList<Condition>? conditions) =>
        conditions?.FirstOrDefault(condition => condition.Type == WellKnown.Conditions.SlugAllocated)?.Reason == Reasons.SlugsExhausted;
}
