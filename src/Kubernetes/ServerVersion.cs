using System.Globalization;

namespace Slipway.Kubernetes;

/// <summary>The version a server says it is, as in <c>GET /version</c>.</summary>
public sealed record ServerVersion
{
    public required string Major { get; init; }

    /// <summary>May carry a suffix: some vendors say <c>27+</c>.</summary>
    public required string Minor { get; init; }

    public string GitVersion { get; init; } = "";

    public string Platform { get; init; } = "";

    /// <summary>Whether the server is that version or newer.</summary>
    public bool IsAtLeast(int major, int minor) => (Number(Major), Number(Minor)).CompareTo((major, minor)) >= 0;

    private static int Number(string text)
    {
        var digits = text.AsSpan();
        var end = digits.IndexOfAnyExceptInRange('0', '9');
        return int.TryParse(end < 0 ? digits : digits[..end], CultureInfo.InvariantCulture, out var number) ? number : 0;
    }
}
