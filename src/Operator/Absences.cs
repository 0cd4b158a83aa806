namespace Slipway.Operator;

/// <summary>
/// Since when each of several objects has been missed, on the own clock; a restart begins anew. Whoever restores objects under new
/// UIDs has the grace to do so.
/// </summary>
/// <param name="grace">For how long an object must be gone.</param>
internal sealed class Absences(TimeProvider time, TimeSpan grace)
{
    private readonly Dictionary<Guid, long> _missed = [];

    /// <summary>Only these are missed now; whoever is missed again later begins anew.</summary>
    public void Keep(IEnumerable<Guid> missing)
    {
        foreach (var seen in _missed.Keys.Except(missing).ToList())
        {
            _missed.Remove(seen);
        }
    }

    /// <summary>How much of the grace is left; zero or less when it is over.</summary>
    public TimeSpan Left(Guid missing)
    {
        if (!_missed.TryGetValue(missing, out var since))
        {
            _missed.Add(missing, since = time.GetTimestamp());
        }

        return grace - time.GetElapsedTime(since);
    }
}
