using System.Formats.Tar;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.EndToEnd;

/// <summary>Files as an OCI artifact, as GitOps tools push them: types of its own, one layer.</summary>
public static class Artifact
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    private static readonly HttpClient Http = new();

    /// <summary>Pushes the files.</summary>
    /// <returns>The artifact by its digest.</returns>
    public static async Task<string> PushAsync(string registry, string repository, IReadOnlyList<(string Name, string Text)> files)
    {
        var root = $"http://{registry}/v2/{repository}";
        var config = "{}"u8.ToArray();
        var layer = Pack(files);
        await UploadAsync(root, config);
        await UploadAsync(root, layer);
        var manifest = Encoding.UTF8.GetBytes($$"""
            {"schemaVersion":2,"mediaType":"{{ManifestType}}",
             "config":{"mediaType":"application/vnd.example.config.v1+json","digest":"{{Digest(config)}}","size":{{config.Length}}},
             "layers":[{"mediaType":"application/vnd.example.content.v1.tar+gzip","digest":"{{Digest(layer)}}","size":{{layer.Length}}}]}
            """);
        await PutAsync(new Uri($"{root}/manifests/source"), manifest, ManifestType);
        return $"{registry}/{repository}@{Digest(manifest)}";
    }

    private static byte[] Pack(IReadOnlyList<(string Name, string Text)> files)
    {
        var packed = new MemoryStream();
        using (var tar = new TarWriter(new GZipStream(packed, CompressionLevel.Fastest)))
        {
            foreach (var (name, text) in files)
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
            }
        }

        return packed.ToArray();
    }

    private static async Task UploadAsync(string root, byte[] blob)
    {
        using var begun = await Http.PostAsync(new Uri($"{root}/blobs/uploads/"), null);
        // The registry names itself by the address it listens on, which need not be the one that it was asked at.
        var location = begun.EnsureSuccessStatusCode().Headers.Location!.PathAndQuery;
        await PutAsync(new Uri(new Uri(root), $"{location}&digest={Digest(blob)}"), blob, "application/octet-stream");
    }

    private static async Task PutAsync(Uri address, byte[] content, string type)
    {
        using var body = new ByteArrayContent(content);
        body.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var response = await Http.PutAsync(address, body);
        response.EnsureSuccessStatusCode();
    }

    private static string Digest(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";
}
