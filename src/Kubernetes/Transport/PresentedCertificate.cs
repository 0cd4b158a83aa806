using System.Security.Cryptography.X509Certificates;
using Slipway.Kubernetes.Config;

namespace Slipway.Kubernetes.Transport;

/// <summary>
/// The client certificate that connections present: a plugin's, else the configuration's. Files are read at every handshake, because
/// certificates are renewed in place; while they cannot be used (unreadable, or half of them written), the last good one serves on.
/// Safe for concurrent use.
/// </summary>
internal sealed class PresentedCertificate(KubeConfig config)
{
    private readonly Lock _lock = new();
    private X509Certificate2? _ofPlugin;
    private X509Certificate2? _ofConfig;

    /// <summary>What to present, or null for nothing.</summary>
    /// <exception cref="KubeConfigException">The configured certificate cannot be used, and never could.</exception>
    public X509Certificate2? ForHandshake()
    {
        lock (_lock)
        {
            if (_ofPlugin is null)
            {
                Refresh();
            }

            return _ofPlugin ?? _ofConfig;
        }
    }

    /// <summary>From now on this one of a plugin's; true when connections may be open that presented another one.</summary>
    public bool Replace(X509Certificate2 certificate)
    {
        lock (_lock)
        {
            var before = _ofPlugin;
            _ofPlugin = certificate;
            return before is not null && !ReferenceEquals(before, certificate);
        }
    }

    /// <summary>Reads the files anew; true when they hold another certificate than the one presented so far.</summary>
    public bool Reread()
    {
        lock (_lock)
        {
            var before = _ofConfig;
            if (_ofPlugin is null && before is not null)
            {
                Refresh();
            }

            return !ReferenceEquals(before, _ofConfig);
        }
    }

    /// <summary>The same certificate stays the same object, so that nothing takes it for a new one.</summary>
    private void Refresh()
    {
        try
        {
            var fresh = ClientCertificate.Load(config);
            if (fresh is null || _ofConfig is null || !fresh.RawDataMemory.Span.SequenceEqual(_ofConfig.RawDataMemory.Span))
            {
                _ofConfig = fresh;
                return;
            }

            fresh.Dispose();
        }
        catch (KubeConfigException) when (_ofConfig is not null)
        {
            // The next handshake tries again; one that still works must not be lost to a moment's trouble.
        }
    }
}
