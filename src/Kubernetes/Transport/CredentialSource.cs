using Slipway.Kubernetes.Config;

namespace Slipway.Kubernetes.Transport;

/// <summary>Where credentials come from. Safe for concurrent use.</summary>
internal abstract class CredentialSource
{
    public static CredentialSource For(KubeConfig config, TimeProvider time) =>
        config.Exec is { } plugin ? new ExecCredentialSource(new ExecProcess(plugin, config, time), time)
        : config.TokenFile is { } file ? new TokenFileSource(file, time)
        : new FixedCredentialSource(config.Token is null ? Credential.None : new Credential(config.Token, null, null));

    public abstract ValueTask<Credential> GetAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The server did not accept this one. True when asking again may give another; if it was replaced meanwhile
    /// by somebody else's request, the newer one stands.
    /// </summary>
    public abstract bool Reject(Credential credential);
}

/// <summary>A token that never changes, or none.</summary>
internal sealed class FixedCredentialSource(Credential credential) : CredentialSource
{
    public override ValueTask<Credential> GetAsync(CancellationToken cancellationToken) => new(credential);

    public override bool Reject(Credential credential) => false;
}
