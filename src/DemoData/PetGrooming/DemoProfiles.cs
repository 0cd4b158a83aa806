namespace Slipway.DemoData.PetGrooming;

/// <summary>The profiles as people write them.</summary>
public static class DemoProfiles
{
    /// <summary>All, in the order of the enum.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<DemoProfile>().Select(NameOf)];

    public static string NameOf(DemoProfile profile) => profile switch
    {
        DemoProfile.Dev => "dev",
        DemoProfile.Uat => "uat",
        DemoProfile.Demo => "demo",
    };

    /// <summary>Case does not matter. Numbers, which an enum would take, are no names.</summary>
    public static bool TryParse(string? name, out DemoProfile profile)
    {
        foreach (var known in Enum.GetValues<DemoProfile>())
        {
            if (string.Equals(name, NameOf(known), StringComparison.OrdinalIgnoreCase))
            {
                profile = known;
                return true;
            }
        }

        profile = default;
        return false;
    }
}
