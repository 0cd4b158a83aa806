namespace Slipway.Testing.Proxies;

/// <summary>What a client sent to the API server.</summary>
public sealed record ProxiedRequest(string Method, string Path, string Query, string Body)
{
    /// <summary>A write of an object's status.</summary>
    public bool IsStatusWrite(string plural, string @namespace, string name) =>
        IsWrite && Path.EndsWith($"/namespaces/{@namespace}/{plural}/{name}/status", StringComparison.Ordinal);

    public bool IsWatch => Query.Contains("watch=", StringComparison.Ordinal);

    public bool IsWrite => Method is "PATCH" or "PUT" or "POST" or "DELETE";

    public override string ToString() => $"{Method} {Path}{Query} {Body}";
}
