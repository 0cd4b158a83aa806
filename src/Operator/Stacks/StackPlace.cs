using Slipway.Operator.Releases;
using Slipway.Operator.Slugs;

namespace Slipway.Operator.Stacks;

/// <summary>What the directory says of a stack.</summary>
/// <param name="Slug">Its slug; null while it has none.</param>
/// <param name="Condition">What there is to say of that; null when nothing new is known.</param>
/// <param name="Waits">What it waits for, of its team; null when it waits for nothing.</param>
/// <param name="LookAgain">When to look again although nothing changed; null for never.</param>
public sealed record StackPlace(string? Slug, SlugCondition? Condition, StackProblem? Waits, TimeSpan? LookAgain);
