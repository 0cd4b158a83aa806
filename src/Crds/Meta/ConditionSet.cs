namespace Slipway.Crds.Meta;

/// <summary>
/// Builds the next list of conditions from the previous one. <c>lastTransitionTime</c> moves only when a condition's
/// status changes; reason, message and generation change freely. Conditions that are not set again are dropped, and
/// those of other writers (types this set does not own) are kept.
/// </summary>
public sealed class ConditionSet(IReadOnlyList<Condition>? previous, IReadOnlyList<string> owned, long observedGeneration, DateTimeOffset now)
{
    private readonly Dictionary<string, Condition> _next = [];

    public ConditionSet Set(string type, ConditionStatus status, string reason, string message)
    {
        var before = previous?.FirstOrDefault(condition => condition.Type == type);
        _next[type] = new Condition
        {
            Type = type,
            Status = status,
            Reason = reason,
            Message = message,
            ObservedGeneration = observedGeneration,
            LastTransitionTime = before is not null && before.Status == status ? before.LastTransitionTime : now,
        };
        return this;
    }

    public ConditionSet Set(string type, bool status, string reason, string message) =>
        Set(type, status ? ConditionStatus.True : ConditionStatus.False, reason, message);

    /// <summary>Leaves a condition as it was, if it was there: nothing new is known of it.</summary>
    public ConditionSet Keep(string type)
    {
        if (previous?.FirstOrDefault(condition => condition.Type == type) is { } before)
        {
            _next[type] = before;
        }

        return this;
    }

    /// <summary>The new list: foreign conditions in their old order, then ours in the order they are declared.</summary>
    public IReadOnlyList<Condition> ToList() =>
    [
        .. (previous ?? []).Where(condition => !owned.Contains(condition.Type)),
        .. owned.Where(_next.ContainsKey).Select(type => _next[type]),
    ];
}
