namespace Slipway.Runtime.Events;

/// <summary>A token bucket per object: one object that cannot calm down must not fill etcd. Not thread-safe.</summary>
internal sealed class SpamFilter(EventRecorderOptions options, TimeProvider time)
{
    private readonly RecentlyUsed<string, Bucket> _buckets = new(options.Memory);

    /// <summary>Whether the object may cause one more write; if so, it is spent.</summary>
    public bool Allows(string subject)
    {
        var now = time.GetTimestamp();
        var tokens = _buckets.TryGet(subject, out var bucket) ? Refilled(bucket, now) : options.Burst;
        var allowed = tokens >= 1;
        _buckets.Set(subject, new Bucket(allowed ? tokens - 1 : tokens, now));
        return allowed;
    }

    private double Refilled(Bucket bucket, long now) =>
        Math.Min(options.Burst, bucket.Tokens + (time.GetElapsedTime(bucket.At, now) / options.RefillEvery));

    private readonly record struct Bucket(double Tokens, long At);
}
