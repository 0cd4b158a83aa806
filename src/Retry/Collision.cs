namespace Slipway.Retry;

/// <summary>One lost race.</summary>
/// <param name="Operation">The name of the operation that lost.</param>
/// <param name="Subject">What it was done to.</param>
/// <param name="Attempt">Which attempt lost, counted from 1.</param>
/// <param name="Error">The conflict as it was reported.</param>
public readonly record struct Collision(string Operation, string Subject, int Attempt, Exception Error);
