namespace Slipway.Ledger.Slugs;

/// <summary>What a slug is the handle of. Those of one kind are unique; a stack and a team may have the same.</summary>
public enum SlugKind
{
    Stack,
    Team,
}

internal static class SlugKinds
{
    public static string ToSql(this SlugKind kind) => kind switch
    {
        SlugKind.Stack => "stack",
        SlugKind.Team => "team",
    };

    /// <summary>The kind's own word: the base of a name of which nothing usable is left.</summary>
    public static string Word(this SlugKind kind) => kind switch
    {
        SlugKind.Stack => "stack",
        SlugKind.Team => "team",
    };
}
