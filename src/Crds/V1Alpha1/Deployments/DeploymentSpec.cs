using System.ComponentModel;
using Slipway.Crds.Meta.Schema;

namespace Slipway.Crds.V1Alpha1.Deployments;

/// <summary>What to release. Everything but <see cref="Cancel"/> is immutable.</summary>
[Cel("self.stack == oldSelf.stack", "spec.stack is immutable; make a new Deployment")]
[Cel("self.source == oldSelf.source", "spec.source is immutable; make a new Deployment")]
[Cel(
    "has(self.requestedBy) == has(oldSelf.requestedBy) && (!has(self.requestedBy) || self.requestedBy == oldSelf.requestedBy)",
    "spec.requestedBy is immutable; make a new Deployment")]
public sealed record DeploymentSpec
{
    [Description("Name of the Stack, in the same namespace, that the release lands on.")]
    [Schema(MinLength = 1, MaxLength = 63)]
    public required string Stack { get; init; }

    [Description("What is released: exactly one of its fields.")]
    public required ReleaseSource Source { get; init; }

    [Description("Who asked for the release. Informative and unverified.")]
    [Schema(MaxLength = 256)]
    public string? RequestedBy { get; init; }

    [Description("Cancels the release as long as it is not yet active. Latched: once seen, taking it away again is ignored.")]
    public bool? Cancel { get; init; }
}
