using System.Text;
using Slipway.Benchmarks.Servers;
using Slipway.Crds.V1Alpha1.Deployments;

namespace Slipway.Benchmarks.Caching;

/// <summary>Reads a whole state and does nothing with it: what the server and the wire need, and nobody can undercut.</summary>
internal static class Download
{
    private static readonly string Path = $"/apis/{Deployment.Type.ApiVersion}/{Deployment.Type.Plural}";

    /// <summary>A list, page by page. How many bytes the pages have together.</summary>
    public static async Task<long> ListAsync(Server server, int pageSize)
    {
        var (bytes, next) = (0L, "");
        do
        {
            var body = await ReadAsync(server, $"{Path}?limit={pageSize}{next}");
            bytes += body.Length;
            next = Continue(body) is { Length: > 0 } token ? $"&continue={Uri.EscapeDataString(token)}" : "";
        }
        while (next.Length > 0);

        return bytes;
    }

    /// <summary>The beginning of a watch, until the server marks the end of the state. How many bytes that is.</summary>
    public static async Task<long> StreamAsync(Server server)
    {
        const string Query = "watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
        using var response = await server.OpenAsync($"{Path}?{Query}", CancellationToken.None);
        await using var body = await response.Content.ReadAsStreamAsync();
        var (buffer, kept, bytes) = (new byte[64 * 1024], 0, 0L);
        while (await body.ReadAsync(buffer.AsMemory(kept)) is > 0 and var read)
        {
            bytes += read;
            var arrived = buffer.AsSpan(0, kept + read);
            if (arrived.IndexOf("\"k8s.io/initial-events-end\""u8) >= 0)
            {
                return bytes;
            }

            // The mark may have been cut.
            kept = Math.Min(arrived.Length, 64);
            arrived[^kept..].CopyTo(buffer);
        }

        throw new InvalidDataException("The watch ended before the state was complete.");
    }

    private static async Task<byte[]> ReadAsync(Server server, string path)
    {
        using var response = await server.OpenAsync(path, CancellationToken.None);
        return await response.Content.ReadAsByteArrayAsync();
    }

    private static string Continue(ReadOnlySpan<byte> body)
    {
        var begin = body.IndexOf("\"continue\":\""u8);
        if (begin < 0)
        {
            return "";
        }

        var rest = body[(begin + "\"continue\":\"".Length)..];
        return Encoding.UTF8.GetString(rest[..rest.IndexOf((byte)'"')]);
    }
}
