namespace Slipway.Kubernetes;

/// <summary>
/// Order of resource versions: decimal integers of any size, as Kubernetes guarantees within one resource type since
/// 1.35 and etcd has always produced.
/// </summary>
public static class ResourceVersions
{
    /// <summary>Below zero, zero or above zero as integers compare; null when one of them is not such an integer.</summary>
    public static int? Compare(string? one, string? other)
    {
        if (!IsNumber(one) || !IsNumber(other))
        {
            return null;
        }

        return one!.Length != other!.Length ? one.Length.CompareTo(other.Length) : string.CompareOrdinal(one, other);
    }

    /// <summary>Whether the first is known to be later than the second.</summary>
    public static bool IsLater(string? one, string? other) => Compare(one, other) > 0;

    private static bool IsNumber(string? version) =>
        !string.IsNullOrEmpty(version) && (version[0] != '0' || version.Length == 1) && version.All(char.IsAsciiDigit);
}
