namespace Slipway.Ledger.Tests.Env;

/// <summary>What variables are to be, said once more and key by key. Changes are words as in <see cref="Change"/>.</summary>
internal sealed class EnvModel
{
    private readonly SortedDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    private enum Said
    {
        Nothing,
        Value,
        Hidden,
    }

    public string Visible => Join(_entries.Where(pair => pair.Value.Visible is not null).Select(pair => $"{pair.Key}={pair.Value.Visible}"));

    public string Keys => Join(_entries.Where(pair => pair.Value.Visible is not null).Select(pair => pair.Key));

    public string Overridden => Join(_entries.Where(pair => pair.Value is { Own: not null, Said: not Said.Nothing }).Select(pair => pair.Key));

    /// <returns>Which keys have another value than before, and which are gone; and whether anything is said anew.</returns>
    public (string Set, string Unset, bool Changed) Patch(IEnumerable<string> words) => Compare(() =>
    {
        foreach (var word in words)
        {
            var key = word.Trim('-', '~').Split('=')[0];
            var before = _entries.GetValueOrDefault(key, new Entry(null, Said.Nothing, null));
            _entries[key] = word[0] == '~'
                ? before with { Said = Said.Nothing, Value = null }
                : word[0] == '-' || word.EndsWith('=') ? before.Unset() : before with { Said = Said.Value, Value = word.Split('=')[1] };
        }
    });

    public (string Set, string Unset, bool Changed) Follow(IEnumerable<string> words) => Compare(() =>
    {
        foreach (var key in _entries.Keys.ToList())
        {
            _entries[key] = _entries[key] with { Own = null };
        }

        foreach (var parts in words.Select(word => word.Split('=')))
        {
            _entries[parts[0]] = _entries.GetValueOrDefault(parts[0], new Entry(null, Said.Nothing, null)) with { Own = parts[1] };
        }
    });

    private (string Set, string Unset, bool Changed) Compare(Action change)
    {
        var before = _entries.ToDictionary();
        change();
        var changed = _entries.Where(pair => before.GetValueOrDefault(pair.Key, new Entry(null, Said.Nothing, null)) != pair.Value).ToList();
        var seen = changed.Where(pair => before.GetValueOrDefault(pair.Key)?.Visible != pair.Value.Visible).ToList();
        return (
            Join(seen.Where(pair => pair.Value.Visible is not null).Select(pair => pair.Key)),
            Join(seen.Where(pair => pair.Value.Visible is null).Select(pair => pair.Key)),
            changed.Count > 0);
    }

    private static string Join(IEnumerable<string> words) => string.Join(' ', words);

    /// <param name="Own">The object's value.</param>
    /// <param name="Said">What patches said.</param>
    /// <param name="Value">The value that they said.</param>
    private sealed record Entry(string? Own, Said Said, string? Value)
    {
        public string? Visible => Said switch { Said.Nothing => Own, Said.Value => Value, Said.Hidden => null };

        public Entry Unset() => this with { Said = Own is not null || Said == Said.Hidden ? Said.Hidden : Said.Nothing, Value = null };
    }
}
