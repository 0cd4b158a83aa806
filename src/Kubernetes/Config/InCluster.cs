using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Slipway.Kubernetes.Config;

/// <summary>The configuration of a pod: the service account that Kubernetes mounted into it.</summary>
internal static class InCluster
{
    /// <summary>The pod's configuration, or null outside of a pod.</summary>
    /// <exception cref="KubeConfigException">It is a pod, but its service account is incomplete.</exception>
    public static KubeConfig? TryLoad(KubeConfigSource source)
    {
        var host = source.Environment("KUBERNETES_SERVICE_HOST");
        var tokenFile = Path.Combine(source.ServiceAccountFolder, "token");
        if (string.IsNullOrEmpty(host) || !File.Exists(tokenFile))
        {
            return null;
        }

        var authority = Path.Combine(source.ServiceAccountFolder, "ca.crt");
        return new KubeConfig
        {
            Server = Server(host, source.Environment("KUBERNETES_SERVICE_PORT")),
            Namespace = ReadNamespace(source.ServiceAccountFolder),
            Origin = $"in-cluster, {source.ServiceAccountFolder}",
            CertificateAuthority = File.Exists(authority) ? PemSource.FromFile(authority) : throw NoAuthority(authority),
            TokenFile = tokenFile,
            BypassProxy = true,
        };
    }

    private static Uri Server(string host, string? port)
    {
        var isIpV6 = IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;
        var number = string.IsNullOrEmpty(port) ? 443
            : int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed
            : throw new KubeConfigException(
                $"KUBERNETES_SERVICE_PORT is '{port}', which is no port number; remove the variable or correct it.");
        return new UriBuilder(Uri.UriSchemeHttps, isIpV6 ? $"[{host.Trim('[', ']')}]" : host, number).Uri;
    }

    private static string ReadNamespace(string folder)
    {
        var file = Path.Combine(folder, "namespace");
        var text = File.Exists(file) ? File.ReadAllText(file).Trim() : "";
        return text.Length == 0 ? "default" : text;
    }

    private static KubeConfigException NoAuthority(string file) =>
        new($"{file} does not exist although the service account's token does; the pod's projected volume must contain ca.crt.");
}
