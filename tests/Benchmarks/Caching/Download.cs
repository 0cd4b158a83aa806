using System.Text;
using Slipway.Benchmarks.Servers;
using Slipway.Crds.V1Alpha1.Deployments;

namespace Slipway.Benchmarks.Caching;

/// <summary>Reads a list page by page and does nothing with it: what the server and the wire need, and nobody can undercut.</summary>
internal static class Download
{
    /// <summary>How many bytes the pages have together.</summary>
    public static async Task<long> RunAsync(Server server, int pageSize)
    {
        var (bytes, next) = (0L, "");
        do
        {
            var body = await ReadAsync(server, $"/apis/{Deployment.Type.ApiVersion}/{Deployment.Type.Plural}?limit={pageSize}{next}");
            bytes += body.Length;
            next = Continue(body) is { Length: > 0 } token ? $"&continue={Uri.EscapeDataString(token)}" : "";
        }
        while (next.Length > 0);

        return bytes;
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
