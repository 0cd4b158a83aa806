using Slipway.Crds.Meta;

namespace Slipway.Kubernetes.Leases;

/// <summary>Which lease, who wants it, and how patiently. The defaults are client-go's.</summary>
public sealed record LeaseOptions
{
    /// <summary>Namespace and name of the Lease object. It is created when there is none.</summary>
    public required NamespacedName Key { get; init; }

    /// <summary>
    /// Who wants it, for people: usually the pod's name. What is written as the holder is this and a part that is unique to
    /// the <see cref="LeaseLock"/>, so that two processes of one name are never taken for one.
    /// </summary>
    public required string Holder { get; init; }

    /// <summary>How long others must see no sign of life before they take it; whole seconds.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long the holder goes on without a renewal that succeeded, counted from before that renewal was sent. The ratio of
    /// <see cref="Duration"/> to this is how much faster one clock may run than another.
    /// </summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the holder renews; others look at least that often, give or take a jitter.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Labels of the Lease when it has to be created.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>The longest one request may take: two of them fit into the deadline, and more into a long one.</summary>
    internal TimeSpan RequestTimeout => TimeSpan.FromSeconds(Math.Clamp(RenewDeadline.TotalSeconds / 2, 1, 10));

    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public void Validate()
    {
        Require(Key.Name.Length > 0 && Key.Namespace.Length > 0, $"A lease needs a namespace and a name; this one is '{Key}'.");
        Require(Holder.Length > 0, "Holder is empty: name who wants the lease, for example the pod.");
        Require(
            Duration >= TimeSpan.FromSeconds(1) && Duration.Ticks % TimeSpan.TicksPerSecond == 0,
            $"Duration is {Duration}: use whole seconds, at least one.");
        Require(RetryPeriod > TimeSpan.Zero, $"RetryPeriod is {RetryPeriod}: use more than zero.");
        Require(
            Duration > RenewDeadline && RenewDeadline > RetryPeriod * 1.2,
            $"Duration {Duration}, RenewDeadline {RenewDeadline}, RetryPeriod {RetryPeriod}: use Duration > RenewDeadline > 1.2 x RetryPeriod.");
    }

    private static void Require(bool fulfilled, string message)
    {
        if (!fulfilled)
        {
            throw new ArgumentException(message);
        }
    }
}
