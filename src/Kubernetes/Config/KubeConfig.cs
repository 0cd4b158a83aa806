namespace Slipway.Kubernetes.Config;

/// <summary>
/// One cluster and one identity: everything needed to reach an API server. Files are named, not read, so that
/// rotated certificates and tokens are seen.
/// </summary>
public sealed class KubeConfig
{
    /// <summary>The server's base address; it may have a path.</summary>
    public required Uri Server { get; init; }

    /// <summary>The namespace of the context or the pod.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>The context's name, or null when there is none.</summary>
    public string? Context { get; init; }

    /// <summary>Where this comes from, for messages.</summary>
    public string Origin { get; init; } = "code";

    /// <summary>Who may sign the server's certificate; null means the system's authorities.</summary>
    public PemSource? CertificateAuthority { get; init; }

    public PemSource? ClientCertificate { get; init; }

    public PemSource? ClientKey { get; init; }

    /// <summary>A bearer token that never changes.</summary>
    public string? Token { get; init; }

    /// <summary>A file with a bearer token; it wins over <see cref="Token"/> and is read again every minute and when refused.</summary>
    public string? TokenFile { get; init; }

    public ExecPlugin? Exec { get; init; }

    public Impersonation? Impersonate { get; init; }

    /// <summary>Accept any certificate. For experiments only.</summary>
    public bool InsecureSkipTlsVerify { get; init; }

    /// <summary>The name asked for and verified in the server's certificate instead of the address's host.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>An http, https or socks5 proxy; null means what the environment says.</summary>
    public Uri? ProxyUrl { get; init; }

    /// <summary>Go straight to the server whatever the environment says, as a pod does.</summary>
    public bool BypassProxy { get; init; }

    /// <summary>
    /// Finds the configuration: the named file, else the files of <c>KUBECONFIG</c> (merged), else the pod's service
    /// account, else <c>~/.kube/config</c>.
    /// </summary>
    /// <exception cref="KubeConfigException">Nothing was found, or what was found is unusable.</exception>
    public static KubeConfig Load(KubeConfigSource source)
    {
        if (!string.IsNullOrEmpty(source.Path))
        {
            return ContextResolver.Resolve(MergedKubeConfig.Read([source.Path], mustExist: true), source.Context);
        }

        var paths = source.Environment("KUBECONFIG")?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (paths.Length > 0)
        {
            return ContextResolver.Resolve(MergedKubeConfig.Read(paths, mustExist: false), source.Context);
        }

        return source.Context is null && InCluster.TryLoad(source) is { } inCluster
            ? inCluster
            : LoadFromHome(source);
    }

    /// <summary>Never a credential.</summary>
    public override string ToString() => $"{Server} ({(Context is null ? "" : $"context {Context}, ")}{Origin})";

    private static KubeConfig LoadFromHome(KubeConfigSource source)
    {
        var path = Path.Combine(source.HomeFolder, ".kube", "config");
        return File.Exists(path)
            ? ContextResolver.Resolve(MergedKubeConfig.Read([path], mustExist: true), source.Context)
            : throw new KubeConfigException(
                $"No cluster is configured: KUBECONFIG is not set, this is no pod with a service account, and {path} does not exist. "
                + "Name a kubeconfig or set KUBECONFIG.");
    }
}
