using System.Net;
using System.Security.Cryptography;
using System.Text.Json;

namespace Slipway.Operator.Registry;

/// <summary>
/// Asks an OCI registry which digest a name points at (OCI distribution specification 1.1: manifests by tag or digest).
/// Nothing is downloaded but manifests.
/// </summary>
public sealed class RegistryClient(HttpClient http, IReadOnlySet<string> insecureRegistries)
{
    /// <summary>Registries refuse larger ones; more is an attack or a mistake.</summary>
    private const int LargestManifest = 4 * 1024 * 1024;

    private static readonly string[] ManifestTypes =
    [
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    ];

    /// <exception cref="ImageNotFoundException">The registry says there is no such image, or refuses the login.</exception>
    /// <exception cref="RegistryUnavailableException">The registry is away, overloaded or answers nonsense.</exception>
    public async Task<ResolvedDigests> ResolveAsync(ImageReference image, Credentials credentials, CancellationToken cancellationToken)
    {
        var session = new RegistrySession(http, image, BaseAddress(image.Registry), credentials.For(image.Registry));
        try
        {
            return await ResolveAsync(session, image, cancellationToken);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new RegistryUnavailableException($"registry {image.Registry} could not be asked for {image.Repository}: {error.Message}", error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RegistryUnavailableException($"registry {image.Registry} did not answer in time", error);
        }
    }

    private static async Task<ResolvedDigests> ResolveAsync(RegistrySession session, ImageReference image, CancellationToken cancellationToken)
    {
        var (digest, manifest) = await GetManifestAsync(session, image.Wanted, cancellationToken);
        using (manifest)
        {
            var equivalent = new List<string> { digest };
            if (manifest.RootElement.TryGetProperty("manifests", out var platforms))
            {
                foreach (var platform in platforms.EnumerateArray().Where(IsImage).Select(entry => entry.GetProperty("digest").GetString()!))
                {
                    equivalent.Add(platform);
                    var (_, single) = await GetManifestAsync(session, platform, cancellationToken);
                    using (single)
                    {
                        AddConfig(single, equivalent);
                    }
                }
            }
            else
            {
                AddConfig(manifest, equivalent);
            }

            return new ResolvedDigests(digest, [.. equivalent.Distinct()]);
        }
    }

    /// <summary>Attestations share the index with the images; no node runs them.</summary>
    private static bool IsImage(JsonElement entry) =>
        !entry.TryGetProperty("platform", out var platform)
        || !platform.TryGetProperty("os", out var os)
        || os.GetString() != "unknown";

    private static void AddConfig(JsonDocument manifest, List<string> digests)
    {
        if (manifest.RootElement.TryGetProperty("config", out var config) && config.GetProperty("digest").GetString() is { } digest)
        {
            digests.Add(digest);
        }
    }

    private static async Task<(string Digest, JsonDocument Manifest)> GetManifestAsync(
        RegistrySession session, string wanted, CancellationToken cancellationToken)
    {
        using var response = await session.GetAsync($"manifests/{wanted}", ManifestTypes, cancellationToken);
        var bytes = await ReadAsync(response, cancellationToken);

        // The bytes decide, not a header: a digest is a promise about content.
        var computed = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (wanted.StartsWith("sha256:", StringComparison.Ordinal) && wanted != computed)
        {
            throw new RegistryUnavailableException($"the registry answered {wanted} with content whose digest is {computed}");
        }

        return (wanted.StartsWith("sha512:", StringComparison.Ordinal) ? wanted : computed, JsonDocument.Parse(bytes));
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await body.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (buffer.Length + read > LargestManifest)
            {
                throw new RegistryUnavailableException($"the manifest is larger than {LargestManifest} bytes");
            }

            buffer.Write(chunk, 0, read);
        }

        return buffer.ToArray();
    }

    private Uri BaseAddress(string registry)
    {
        var host = registry == "docker.io" ? "registry-1.docker.io" : registry;
        var scheme = IsInsecure(registry, insecureRegistries) ? "http" : "https";
        return new Uri($"{scheme}://{host}/v2/");
    }

    /// <summary>Whether a registry is spoken to over plain HTTP.</summary>
    public static bool IsInsecure(string registry, IReadOnlySet<string> insecureRegistries) =>
        insecureRegistries.Contains(registry) || IsLoopback(registry);

    /// <summary>Nodes speak plain HTTP to a registry on their own loopback; so do we.</summary>
    private static bool IsLoopback(string registry) =>
        Uri.TryCreate($"http://{registry}/", UriKind.Absolute, out var uri)
        && (uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)));
}
