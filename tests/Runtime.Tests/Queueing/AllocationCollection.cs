using Xunit;

namespace Slipway.Runtime.Tests.Queueing;

/// <summary>Tests that run alone: who listens to the meter elsewhere allocates on the thread that records.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AllocationCollection
{
    public const string Name = "allocations";
}
