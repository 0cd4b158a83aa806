using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Slipway.Kubernetes.Tests.Transport;

/// <summary>An authority of the tests' own, and what it signs.</summary>
public sealed class TestCertificates : IDisposable
{
    private const string ServerUsage = "1.3.6.1.5.5.7.3.1";
    private const string ClientUsage = "1.3.6.1.5.5.7.3.2";
    private static readonly DateTimeOffset Start = TimeProvider.System.GetUtcNow().AddHours(-1);

    private readonly X509Certificate2 _authority;

    public TestCertificates()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(Start, Start.AddHours(12));
    }

    public string AuthorityPem => _authority.ExportCertificatePem();

    public X509Certificate2 Server(string dnsName, int hours = 10) =>
        Sign("CN=server", ServerUsage, hours, names => names.AddDnsName(dnsName));

    public X509Certificate2 Server(IPAddress address) => Sign("CN=server", ServerUsage, 10, names => names.AddIpAddress(address));

    /// <summary>A certificate that is good, but not for a server.</summary>
    public X509Certificate2 Client(string name) => Sign($"CN={name}", ClientUsage, 10, names => names.AddDnsName("localhost"));

    public void Dispose() => _authority.Dispose();

    private X509Certificate2 Sign(string subject, string usage, int hours, Action<SubjectAlternativeNameBuilder> name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        name(names);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        using var signed = request.Create(_authority, Start, Start.AddMinutes(1).AddHours(hours - 1), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }
}
