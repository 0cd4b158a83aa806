namespace Slipway.Kubernetes.Config;

/// <summary>Whom to act as, where one's own rights allow it.</summary>
public sealed record Impersonation(string User, IReadOnlyList<string> Groups);
