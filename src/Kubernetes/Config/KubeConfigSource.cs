namespace Slipway.Kubernetes.Config;

/// <summary>Where a configuration is looked for, and which of its contexts is taken.</summary>
public sealed record KubeConfigSource
{
    /// <summary>A kubeconfig named by the user; nothing else is looked at then.</summary>
    public string? Path { get; init; }

    /// <summary>The context to use instead of the file's current one.</summary>
    public string? Context { get; init; }

    /// <summary>Reads an environment variable.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>The folder that may hold <c>.kube/config</c>.</summary>
    public string HomeFolder { get; init; } = System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile);

    /// <summary>Where Kubernetes puts a pod's token, CA and namespace.</summary>
    public string ServiceAccountFolder { get; init; } = "/var/run/secrets/kubernetes.io/serviceaccount";
}
