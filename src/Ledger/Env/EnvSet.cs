namespace Slipway.Ledger.Env;

/// <summary>
/// The variables of a stack: what its object says, and what patches made of it. Pure; a change makes a new one.
/// </summary>
/// <param name="Baseline">What <c>spec.env</c> of the Stack says.</param>
/// <param name="Overlay">What patches said of a key: its value, or null when it is hidden.</param>
public sealed record EnvSet(IReadOnlyDictionary<string, string> Baseline, IReadOnlyDictionary<string, string?> Overlay)
{
    public static EnvSet Empty { get; } = new(new Dictionary<string, string>(), new Dictionary<string, string?>());

    /// <summary>What a container gets: the baseline overlaid with the patches, in the order of the names.</summary>
    public IReadOnlyDictionary<string, string> Effective()
    {
        var effective = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in Baseline.Where(pair => !Overlay.ContainsKey(pair.Key)))
        {
            effective[key] = value;
        }

        foreach (var (key, value) in Overlay)
        {
            if (value is not null)
            {
                effective[key] = value;
            }
        }

        return effective;
    }

    /// <summary>Keys of the baseline that patches replaced or hid.</summary>
    public IReadOnlyList<string> Overridden() => [.. Baseline.Keys.Where(Overlay.ContainsKey).Order(StringComparer.Ordinal)];

    /// <summary>The set after a patch. A key that is not there is not unset: nothing happens to it.</summary>
    public EnvSet With(EnvChange change)
    {
        var overlay = new Dictionary<string, string?>(Overlay);
        foreach (var key in change.Reset)
        {
            overlay.Remove(key);
        }

        foreach (var (key, value) in change.Set)
        {
            if (value.Length > 0)
            {
                overlay[key] = value;
            }
            else
            {
                Unset(overlay, key);
            }
        }

        foreach (var key in change.Unset)
        {
            Unset(overlay, key);
        }

        return this with { Overlay = overlay };
    }

    /// <summary>The set after <c>spec.env</c> has changed. What patches said stands.</summary>
    public EnvSet With(IReadOnlyDictionary<string, string> baseline) => this with { Baseline = baseline };

    /// <summary>The set that comes to these values, over the same baseline.</summary>
    public EnvSet ComingTo(IReadOnlyDictionary<string, string> values)
    {
        var overlay = new Dictionary<string, string?>();
        foreach (var (key, value) in values.Where(pair => !Baseline.TryGetValue(pair.Key, out var own) || own != pair.Value || Overlay.ContainsKey(pair.Key)))
        {
            overlay[key] = value;
        }

        foreach (var key in Baseline.Keys.Where(key => !values.ContainsKey(key)))
        {
            overlay[key] = null;
        }

        return this with { Overlay = overlay };
    }

    /// <summary>Whether the other says the same of every key, not only whether it comes to the same.</summary>
    public bool Says(EnvSet other) => Same(Baseline, other.Baseline) && Same(Overlay, other.Overlay);

    private void Unset(Dictionary<string, string?> overlay, string key)
    {
        if (Baseline.ContainsKey(key))
        {
            overlay[key] = null;
        }
        else if (overlay.GetValueOrDefault(key) is not null)
        {
            // One that is hidden stays so: the object may bring it back.
            overlay.Remove(key);
        }
    }

    private static bool Same<T>(IReadOnlyDictionary<string, T> left, IReadOnlyDictionary<string, T> right) =>
        left.Count == right.Count
        && left.All(pair => right.TryGetValue(pair.Key, out var value) && EqualityComparer<T>.Default.Equals(pair.Value, value));
}
