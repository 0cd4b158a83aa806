using Slipway.Retry;

namespace Slipway.Kubernetes;

/// <summary>How a client presents itself and how patient it is. Immutable; one instance may serve many clients.</summary>
public sealed record KubeClientOptions
{
    /// <summary>
    /// The field manager of everything created or applied. JSON patches go by <c>{FieldManager}-patch</c> and status
    /// writes by <c>{FieldManager}-status</c>, so that they never mix with what is applied.
    /// </summary>
    public string FieldManager { get; init; } = "slipway";

    /// <summary>What the server writes into its audit log about us.</summary>
    public string UserAgent { get; init; } = "slipway";

    /// <summary>The longest one attempt of one request may take, body included. Watches have their own limits.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a lost race inside the client (finalizers, managed fields) is run again.</summary>
    public ConflictRetryOptions ConflictRetry { get; init; } = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Random Random { get; init; } = Random.Shared;
}
