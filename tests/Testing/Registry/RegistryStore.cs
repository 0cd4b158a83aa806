using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Testing.Registry;

/// <summary>A manifest or blob.</summary>
internal sealed record StoredContent(string MediaType, byte[] Bytes)
{
    public string Digest { get; } = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Bytes))}";
}

/// <summary>Manifests by tag and digest, blobs by digest.</summary>
internal sealed class RegistryStore
{
    private const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    private const string OciIndex = "application/vnd.oci.image.index.v1+json";
    private const string OciConfig = "application/vnd.oci.image.config.v1+json";
    private const string OciLayer = "application/vnd.oci.image.layer.v1.tar+gzip";
    private const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    private const string DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";
    private const string DockerConfig = "application/vnd.docker.container.image.v1+json";
    private const string DockerLayer = "application/vnd.docker.image.rootfs.diff.tar.gzip";
    private readonly ConcurrentDictionary<(string Repository, string Reference), StoredContent> _manifests = new();
    private readonly ConcurrentDictionary<(string Repository, string Digest), StoredContent> _blobs = new();

    public StoredContent? Manifest(string repository, string reference) => _manifests.GetValueOrDefault((repository, reference));

    public StoredContent? Blob(string repository, string digest) => _blobs.GetValueOrDefault((repository, digest));

    /// <summary>Content differs by name and seed, so that no two images share a digest by accident.</summary>
    public FakeImage Add(string host, string repository, string tag, FakeImageForm form, string seed)
    {
        var docker = form is FakeImageForm.DockerManifest or FakeImageForm.DockerManifestList;
        var many = form is FakeImageForm.OciIndex or FakeImageForm.DockerManifestList;
        var platforms = new Dictionary<string, StoredContent>();
        var configs = new List<string>();
        foreach (var architecture in many ? (string[])["amd64", "arm64"] : ["amd64"])
        {
            var config = Keep(repository, Config(docker, architecture, $"{repository}:{seed}"));
            configs.Add(config.Digest);
            platforms[$"linux/{architecture}"] = KeepManifest(repository, Manifest(docker, config));
        }

        var top = many ? KeepManifest(repository, Index(docker, platforms)) : platforms["linux/amd64"];
        _manifests[(repository, tag)] = top;
        return new FakeImage(host, repository, tag, top.Digest, platforms.ToDictionary(one => one.Key, one => one.Value.Digest), configs);
    }

    private StoredContent Keep(string repository, StoredContent content) => _blobs[(repository, content.Digest)] = content;

    private StoredContent KeepManifest(string repository, StoredContent content) => _manifests[(repository, content.Digest)] = content;

    private static StoredContent Config(bool docker, string architecture, string seed) => Content(docker ? DockerConfig : OciConfig, new JsonObject
    {
        ["architecture"] = architecture,
        ["os"] = "linux",
        ["config"] = new JsonObject { ["Env"] = new JsonArray($"SEED={seed}") },
        ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray() },
    });

    private static StoredContent Manifest(bool docker, StoredContent config)
    {
        var layer = new StoredContent(docker ? DockerLayer : OciLayer, Encoding.UTF8.GetBytes(config.Digest));
        return Content(docker ? DockerManifest : OciManifest, new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = docker ? DockerManifest : OciManifest,
            ["config"] = Descriptor(config),
            ["layers"] = new JsonArray(Descriptor(layer)),
        });
    }

    private static StoredContent Index(bool docker, Dictionary<string, StoredContent> platforms) => Content(docker ? DockerList : OciIndex, new JsonObject
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = docker ? DockerList : OciIndex,
        ["manifests"] = new JsonArray([.. platforms.Select(platform =>
        {
            var descriptor = Descriptor(platform.Value);
            descriptor["platform"] = new JsonObject { ["os"] = "linux", ["architecture"] = platform.Key["linux/".Length..] };
            return (JsonNode)descriptor;
        })]),
    });

    private static JsonObject Descriptor(StoredContent content) =>
        new() { ["mediaType"] = content.MediaType, ["digest"] = content.Digest, ["size"] = content.Bytes.Length };

    private static StoredContent Content(string mediaType, JsonObject json) => new(mediaType, Encoding.UTF8.GetBytes(json.ToJsonString()));
}
