namespace Slipway.Ledger.Slugs;

/// <summary>What an object says of the slug that it is to get.</summary>
/// <param name="Wanted">Its <c>spec.slug</c>; empty or white space is as good as none.</param>
/// <param name="DisplayName">What it is called by people, used when no slug is wanted; empty or white space is as good as none.</param>
/// <param name="Fallback">What it is called by the cluster, used when neither is there.</param>
/// <param name="Remembered">The slug that its status shows: a ledger that does not know it was restored from an older backup.</param>
public sealed record SlugAsk(SlugKind Kind, string? Wanted, string? DisplayName, string Fallback, string? Remembered = null)
{
    /// <summary>How high the numbers go that are put behind a base which is taken.</summary>
    public const int LastSuffix = 10;

    private string? _base;
    private IReadOnlyList<string>? _candidates;

    /// <summary>Without what was computed: whoever says <c>with</c> may change what it depends on.</summary>
    private SlugAsk(SlugAsk original)
    {
        (Kind, Wanted, DisplayName) = (original.Kind, original.Wanted, original.DisplayName);
        (Fallback, Remembered) = (original.Fallback, original.Remembered);
    }

    /// <summary>What every candidate begins with: a slug, and perhaps a reserved one.</summary>
    public string Base => _base ??= ToBase();

    /// <summary>The slugs that it may get, the best first; none is reserved, and none comes twice.</summary>
    public IReadOnlyList<string> Candidates => _candidates ??=
        [.. Remember().Concat(FromBase()).Where(slug => !ReservedSlugs.Contains(slug)).Distinct()];

    public bool Equals(SlugAsk? other) => other is not null && Said == other.Said;

    public override int GetHashCode() => Said.GetHashCode();

    private (SlugKind, string?, string?, string, string?) Said => (Kind, Wanted, DisplayName, Fallback, Remembered);

    private string ToBase()
    {
        var name = Given(Wanted) ?? Given(DisplayName) ?? Fallback;
        return SlugText.Cut(SlugText.Normalise(name), SlugText.Longest) is { Length: > 0 } usable ? usable : Kind.Word();
    }

    private IEnumerable<string> Remember() => Remembered is not null && SlugText.IsSlug(Remembered) ? [Remembered] : [];

    /// <summary>A base that is as long as can be, and ends like a suffix itself, gives one slug twice.</summary>
    private IEnumerable<string> FromBase() => Enumerable.Range(1, LastSuffix).Select(number => WithSuffix($"-{number}")).Prepend(Base);

    private string WithSuffix(string suffix) => SlugText.Cut(Base, SlugText.Longest - suffix.Length) + suffix;

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
