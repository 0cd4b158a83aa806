using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Slipway.Kubernetes.Config;

namespace Slipway.Kubernetes.Transport;

/// <summary>Loads client certificates with their keys.</summary>
internal static class ClientCertificate
{
    /// <summary>The configuration's certificate as its files are now, or null when it has none.</summary>
    /// <exception cref="KubeConfigException">Certificate or key cannot be read or do not fit together.</exception>
    public static X509Certificate2? Load(KubeConfig config)
    {
        if (config.ClientCertificate is not { } certificate || config.ClientKey is not { } key)
        {
            return null;
        }

        try
        {
            return Load(certificate.Read(), key.Read());
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new KubeConfigException(
                $"{config.Origin}: client certificate ({certificate}) and key ({key}) cannot be used together: {error.Message}", error);
        }
    }

    public static X509Certificate2 Load(string certificatePem, string keyPem)
    {
        var certificate = X509Certificate2.CreateFromPem(certificatePem, keyPem);
        if (!OperatingSystem.IsWindows())
        {
            return certificate;
        }

        // Windows' TLS cannot use a key that lives in memory only.
        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
        }
    }
}
