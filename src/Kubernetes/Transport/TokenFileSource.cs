using Slipway.Kubernetes.Config;

namespace Slipway.Kubernetes.Transport;

/// <summary>
/// A token that the kubelet renews in a file. It is read again every minute and when the server refuses it; while the
/// file cannot be read or holds no token, the last one is used on.
/// </summary>
internal sealed class TokenFileSource(string path, TimeProvider time) : CredentialSource
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private Credential? _current;
    private long _readAt;

    public override ValueTask<Credential> GetAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_current is null || time.GetElapsedTime(_readAt) >= Period)
            {
                Refresh();
            }

            return new ValueTask<Credential>(_current!);
        }
    }

    /// <summary>True when the file holds another token by now: the same one would only be refused again.</summary>
    public override bool Reject(Credential credential)
    {
        lock (_lock)
        {
            if (ReferenceEquals(credential, _current))
            {
                Refresh();
            }

            return !ReferenceEquals(credential, _current);
        }
    }

    private void Refresh()
    {
        try
        {
            var token = BearerToken.Read(path);
            _current = token == _current?.Token ? _current : new Credential(token, null, null);
            _readAt = time.GetTimestamp();
        }
        catch (KubeConfigException) when (_current is not null)
        {
            // The next request tries again; a token that still works must not be lost to a moment's trouble.
        }
    }
}
