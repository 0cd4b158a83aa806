using System.Text.RegularExpressions;

namespace Slipway.Operator.Registry;

/// <summary>
/// The name of an image, taken apart: <c>[registry/]repository[:tag][@digest]</c>, by the grammar of the OCI
/// distribution specification. Short names mean Docker Hub, as they do for a kubelet.
/// </summary>
/// <param name="Registry">Host and port, for example <c>docker.io</c> or <c>127.0.0.1:5000</c>.</param>
/// <param name="Repository">Path within the registry.</param>
/// <param name="Tag">Tag, or null.</param>
/// <param name="Digest">Digest, or null.</param>
/// <param name="Name">The reference as written, without tag and digest.</param>
public sealed partial record ImageReference(string Registry, string Repository, string? Tag, string? Digest, string Name)
{
    private const string DockerHub = "docker.io";
    private const int LongestRepository = 255;

    /// <summary>What a registry is asked for: the digest where there is one, else the tag, else <c>latest</c>.</summary>
    public string Wanted => Digest ?? Tag ?? "latest";

    /// <summary>The same image, held fast: name and tag as written, then the digest.</summary>
    public string Pin(string digest) => $"{Name}{(Tag is null ? "" : ":" + Tag)}@{digest}";

    /// <returns>The parts, or null when the text is no image name.</returns>
    public static ImageReference? Parse(string text)
    {
        var match = Grammar().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var name = match.Groups["name"].Value;
        var (registry, path) = SplitRegistry(name);
        if (path.Length > LongestRepository || !Path().IsMatch(path))
        {
            return null;
        }

        return new ImageReference(registry, path, Optional(match, "tag"), Optional(match, "digest"), name);
    }

    /// <summary>The digest at the end of a pod's <c>imageID</c>, in whichever form the node's runtime writes it.</summary>
    public static string? DigestOf(string? imageId)
    {
        var match = DigestAtEnd().Match(imageId ?? "");
        return match.Success ? match.Value : null;
    }

    private static string? Optional(Match match, string group) => match.Groups[group].Success ? match.Groups[group].Value : null;

    /// <summary>The first part is a registry when it looks like a host: a dot, a port, or localhost.</summary>
    private static (string Registry, string Path) SplitRegistry(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : name[..slash];
        if (first.Contains('.') || first.Contains(':') || first == "localhost")
        {
            var path = name[(slash + 1)..];
            return first is DockerHub or "index.docker.io"
                ? (DockerHub, path.Contains('/') ? path : "library/" + path)
                : (first, path);
        }

        return (DockerHub, slash < 0 ? "library/" + name : name);
    }

    [GeneratedRegex(
        @"^(?<name>(?:[A-Za-z0-9.\-]+(?::[0-9]{1,5})?/|\[[0-9a-fA-F:]+\](?::[0-9]{1,5})?/)?[a-z0-9._\-/]+)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.\-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}))?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Grammar();

    [GeneratedRegex(@"^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Path();

    [GeneratedRegex(@"(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})\z", RegexOptions.CultureInvariant)]
    private static partial Regex DigestAtEnd();
}
