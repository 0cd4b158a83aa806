using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Slipway.Kubernetes.Config;

namespace Slipway.Kubernetes.Transport;

/// <summary>
/// Decides whether a server is the one we mean: its certificate is signed by the configured authority, made for
/// servers, in date, and issued for the name we know it by. An authority in a file is read for every certificate (connections are
/// rare), because authorities are rotated: a new one is trusted at once, and one that was removed no longer. While the file cannot be
/// used (unreadable, or half of it written), its last good content counts.
/// </summary>
internal sealed class ServerVerifier(KubeConfig config)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly Lock _lock = new();
    private X509Certificate2Collection? _lastGood;

    public bool Verify(X509Certificate? presented, X509Chain? received, SslPolicyErrors errors)
    {
        if (config.InsecureSkipTlsVerify)
        {
            return true;
        }

        if (presented is null)
        {
            return false;
        }

        using var copy = presented as X509Certificate2 is null ? new X509Certificate2(presented) : null;
        var certificate = copy ?? (X509Certificate2)presented;
        return IsForTheName(certificate) && IsTrusted(certificate, received, errors);
    }

    private bool IsForTheName(X509Certificate2 certificate) =>
        certificate.MatchesHostname(
            config.TlsServerName ?? config.Server.IdnHost.Trim('[', ']'), allowWildcards: true, allowCommonName: false);

    private bool IsTrusted(X509Certificate2 certificate, X509Chain? received, SslPolicyErrors errors)
    {
        if (config.CertificateAuthority is null)
        {
            return (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;
        }

        return IsSigned(certificate, received, Authorities());
    }

    /// <summary>One authority at a time: after a rotation there may be two of the same name, and only one fits.</summary>
    private static bool IsSigned(X509Certificate2 certificate, X509Chain? received, X509Certificate2Collection authorities) =>
        authorities.Any(authority => IsSigned(certificate, received, authority));

    private static bool IsSigned(X509Certificate2 certificate, X509Chain? received, X509Certificate2 authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        // An authority need not be self-signed to be trusted; that the chain reaches one of ours is checked below.
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        if (received is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(received.ChainPolicy.ExtraStore);
        }

        return chain.Build(certificate) && chain.ChainElements.Any(element => element.Certificate.Equals(authority));
    }

    private X509Certificate2Collection Authorities()
    {
        lock (_lock)
        {
            if (_lastGood is not null && config.CertificateAuthority!.File is null)
            {
                return _lastGood;
            }

            try
            {
                return _lastGood = Read();
            }
            catch (KubeConfigException) when (_lastGood is not null)
            {
                return _lastGood;
            }
        }
    }

    private X509Certificate2Collection Read()
    {
        var pem = config.CertificateAuthority!.Read();
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(pem);
        }
        catch (CryptographicException error)
        {
            throw new KubeConfigException(
                $"{config.Origin}: the certificate authority ({config.CertificateAuthority}) is no PEM certificate: "
                + $"{error.Message}", error);
        }

        return authorities.Count > 0 && IsWhole(pem)
            ? authorities
            : throw new KubeConfigException(
                $"{config.Origin}: the certificate authority ({config.CertificateAuthority}) holds no PEM certificate, or breaks off within one.");
    }

    private static bool IsWhole(ReadOnlySpan<char> pem) => pem.Count("-----BEGIN ") == pem.Count("-----END ");
}
