using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Slipway.Runtime.Tests.Queueing;

/// <summary>Tries the property that the real queue is checked with: it has to find every queue that breaks a rule.</summary>
public sealed class WorkQueueMutationTests(ITestOutputHelper output)
{
    private static readonly IEnumerable<int> Seeds = Enumerable.Range(1, 60);

    [Theory]
    [MemberData(nameof(Faults))]
    public void Finds_the_queue_that(QueueFault fault)
    {
        var found = Counterexample.Find(() => new TinyQueue(fault), Seeds).ShouldNotBeNull($"No schedule shows the fault {fault}.");

        output.WriteLine(found.ToString());
        found.Steps.Count.ShouldBeLessThan(60, "A counterexample nobody can read explains nothing.");
    }

    [Fact]
    public void Finds_nothing_wrong_with_a_second_queue_that_is_right() =>
        Counterexample.Find(() => new TinyQueue(QueueFault.None), Seeds).ShouldBeNull();

    public static TheoryData<QueueFault> Faults() => [.. Enum.GetValues<QueueFault>().Except([QueueFault.None])];
}
