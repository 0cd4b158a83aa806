namespace Slipway.Kubernetes.Config;

/// <summary>Follows a context to its cluster and its user.</summary>
internal static class ContextResolver
{
    public static KubeConfig Resolve(MergedKubeConfig config, string? wanted)
    {
        var name = wanted ?? config.CurrentContext ?? throw new KubeConfigException(
            $"{config.Origin}: no current-context is set; run 'kubectl config use-context' with one of: {Names(config.Contexts)}.");
        var context = Find(config, config.Contexts, "context", name, $"context '{name}'");
        var clusterName = context.Text("cluster") ?? throw new KubeConfigException(
            $"{context.File}: context '{name}' names no cluster; set its 'cluster'.");
        var cluster = Find(config, config.Clusters, "cluster", clusterName, $"context '{name}'");
        var user = context.Text("user") is { } userName ? Find(config, config.Users, "user", userName, $"context '{name}'") : null;
        return Build(name, context, cluster, user, config.Origin);
    }

    private static KubeConfig Build(string name, YamlMapping context, YamlMapping cluster, YamlMapping? user, string origin)
    {
        RefuseRemovedKinds(name, user);
        return new KubeConfig
        {
            Server = Address(cluster, "server", name, ["http", "https"])
                ?? throw new KubeConfigException(
                    $"{cluster.File}: the cluster of context '{name}' has no server; set its 'server' to an https address."),
            Namespace = context.Text("namespace") ?? "default",
            Context = name,
            Origin = origin,
            CertificateAuthority = cluster.Pem("certificate-authority"),
            InsecureSkipTlsVerify = cluster.Flag("insecure-skip-tls-verify"),
            TlsServerName = cluster.Text("tls-server-name"),
            ProxyUrl = Address(cluster, "proxy-url", name, ["http", "https", "socks5"]),
            ClientCertificate = ClientPem(user, "client-certificate", "client-key", name),
            ClientKey = ClientPem(user, "client-key", "client-certificate", name),
            Token = user?.Text("token") is { } token ? BearerToken.Check(token, $"{user.File}: the user of context '{name}'") : null,
            TokenFile = user?.FilePath("tokenFile"),
            Exec = user?.Mapping("exec") is { } exec ? ExecPluginReader.Read(exec, name) : null,
            Impersonate = user?.Text("as") is { } subject ? new Impersonation(subject, user.Texts("as-groups")) : null,
        };
    }

    private static YamlMapping Find(
        MergedKubeConfig config, IReadOnlyDictionary<string, YamlMapping> all, string kind, string name, string askedBy) =>
        all.TryGetValue(name, out var found)
            ? found
            : throw new KubeConfigException(
                $"{config.Origin}: {askedBy} asks for the {kind} '{name}', which is not there; known: {Names(all)}. "
                + $"Correct the name or add the {kind}.");

    private static string Names(IReadOnlyDictionary<string, YamlMapping> all) =>
        all.Count == 0 ? "none" : string.Join(", ", all.Keys.Order(StringComparer.Ordinal));

    private static Uri? Address(YamlMapping cluster, string member, string context, string[] schemes)
    {
        if (cluster.Text(member) is not { } text)
        {
            return null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && schemes.Contains(uri.Scheme)
            ? uri
            : throw new KubeConfigException(
                $"{cluster.File}: {member} '{WithoutPassword(text)}' of the cluster of context '{context}' "
                + $"must be an absolute address ({string.Join(", ", schemes)}).");
    }

    private static string WithoutPassword(string address) => address[(address.LastIndexOf('@') + 1)..];

    private static PemSource? ClientPem(YamlMapping? user, string member, string partner, string context)
    {
        var found = user?.Pem(member);
        return found is null || user!.Pem(partner) is not null
            ? found
            : throw new KubeConfigException($"{user.File}: the user of context '{context}' has {member} but no {partner}; it needs both.");
    }

    private static void RefuseRemovedKinds(string context, YamlMapping? user)
    {
        if (user?.Mapping("auth-provider") is not null)
        {
            throw new KubeConfigException(
                $"{user.File}: the user of context '{context}' has an auth-provider, which Kubernetes removed in 1.26; "
                + "use the provider's exec plugin.");
        }

        if (user?.Text("username") is not null)
        {
            throw new KubeConfigException(
                $"{user.File}: the user of context '{context}' has a username and password, which Kubernetes removed in 1.19; "
                + "use a token or a certificate.");
        }
    }
}
