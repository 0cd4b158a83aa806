namespace Slipway.Testing.Registry;

/// <summary>An image that the fake registry has.</summary>
/// <param name="Host">Host and port of the registry.</param>
/// <param name="Repository">Repository, for example <c>team/app</c>.</param>
/// <param name="Tag">Tag.</param>
/// <param name="Digest">What the tag points at: an index, or the manifest itself.</param>
/// <param name="PlatformDigests">Digest of the manifest of each platform; of an image without an index, the one.</param>
/// <param name="ConfigDigests">Digests of the manifests' configurations.</param>
public sealed record FakeImage(
    string Host, string Repository, string Tag, string Digest, IReadOnlyDictionary<string, string> PlatformDigests, IReadOnlyList<string> ConfigDigests)
{
    public string ByTag => $"{Host}/{Repository}:{Tag}";

    public string ByDigest => $"{Host}/{Repository}@{Digest}";

    /// <summary>What a container runtime on a machine of that platform may report.</summary>
    public string OnPlatform(string platform) => $"{Host}/{Repository}@{PlatformDigests[platform]}";
}

/// <summary>The forms in which registries hold images.</summary>
public enum FakeImageForm
{
    OciManifest,
    OciIndex,
    DockerManifest,
    DockerManifestList,
}
