using Slipway.Kubernetes.Config;

namespace Slipway.Kubernetes.Transport;

/// <summary>
/// A token that the kubelet renews in a file. It is read again every minute and when the server refuses it; while the
/// file cannot be read, the last token is used on.
/// </summary>
internal sealed class TokenFileSource(string path, TimeProvider time) : CredentialSource
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private Credential? _current;
    private long _readAt;
    private bool _stale;

    public override ValueTask<Credential> GetAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_current is null || _stale || time.GetElapsedTime(_readAt) >= Period)
            {
                Refresh();
            }

            return new ValueTask<Credential>(_current!);
        }
    }

    public override bool Reject(Credential credential)
    {
        lock (_lock)
        {
            _stale |= ReferenceEquals(credential, _current);
            return true;
        }
    }

    private void Refresh()
    {
        try
        {
            var token = File.ReadAllText(path).Trim();
            if (token.Length == 0)
            {
                throw new IOException("the file is empty");
            }

            _current = new Credential(token, null, null);
            (_readAt, _stale) = (time.GetTimestamp(), false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next request tries again; a token that still works must not be lost to a moment's trouble.
            _ = _current ?? throw new KubeConfigException(
                $"{path}: the token cannot be read; check the mount and its rights: {error.Message}", error);
        }
    }
}
