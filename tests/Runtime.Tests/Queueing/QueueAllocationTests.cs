using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Runtime.Queueing;
using Xunit;

namespace Slipway.Runtime.Tests.Queueing;

/// <summary>
/// What the queue allocates per key. Bytes, unlike times, are the same on every machine; the bounds are what was measured
/// and a tenth. Whoever lowers a figure lowers its bound.
/// </summary>
[Collection(AllocationCollection.Name)]
public sealed class QueueAllocationTests : IDisposable
{
    private const int Keys = 1_000;
    private const int MostPerCycle = 229;
    private const int MostPerDelay = 114;

    private readonly NamespacedName[] _keys = [.. Enumerable.Range(0, Keys).Select(number => new NamespacedName("ns", $"w{number}"))];
    private readonly WorkQueue<NamespacedName> _queue = new("test", TimeProvider.System);

    public void Dispose() => _queue.Dispose();

    [Fact]
    public void Add_take_and_done_allocate_no_more_than_a_place_in_line() =>
        AllocatedPerKey(Cycle).ShouldBeLessThanOrEqualTo(MostPerCycle);

    [Fact]
    public void A_key_that_waits_already_allocates_nothing()
    {
        AddAll();

        AllocatedPerKey(AddAll).ShouldBe(0);
    }

    [Fact]
    public void A_key_that_is_being_processed_allocates_nothing_when_it_is_added_again()
    {
        AddAll();
        TakeAll();

        AllocatedPerKey(AddAll).ShouldBe(0);
    }

    [Fact]
    public void A_delayed_key_allocates_no_more_than_a_place_in_time() =>
        AllocatedPerKey(DelayAll).ShouldBeLessThanOrEqualTo(MostPerDelay);

    /// <summary>The queue's tables have their size after the first time; what counts is the second.</summary>
    private static long AllocatedPerKey(Action work)
    {
        work();
        var before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Keys;
    }

    private void Cycle()
    {
        AddAll();
        TakeAll();
        foreach (var key in _keys)
        {
            _queue.Done(key);
        }
    }

    private void AddAll()
    {
        foreach (var key in _keys)
        {
            _queue.Add(key, QueuePriority.Normal);
        }
    }

    private void TakeAll()
    {
        foreach (var key in _keys)
        {
            // Without an assertion library, which allocates more than the queue.
            if (_queue.TakeAsync(CancellationToken.None) is not { IsCompletedSuccessfully: true, Result: { } taken } || taken.Key != key)
            {
                throw new InvalidOperationException($"{key} was not handed out at once and in order.");
            }
        }
    }

    private void DelayAll()
    {
        foreach (var key in _keys)
        {
            _queue.AddAfter(key, TimeSpan.FromHours(1), QueuePriority.Normal);
        }
    }
}
