using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Shouldly;
using Slipway.Kubernetes.Config;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Transport;
using Slipway.Testing.Proxies;
using Xunit;

namespace Slipway.Kubernetes.Tests.Transport;

public sealed class SecureTransportTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    [Fact]
    public async Task Speaks_http_2_to_a_server_that_can() =>
        (await AskAsync(_certificates.Server("localhost"))).GitVersion.ShouldBe("HTTP/2");

    [Fact]
    public async Task Falls_back_to_http_1_1() =>
        (await AskAsync(_certificates.Server("localhost"), protocols: HttpProtocols.Http1)).GitVersion.ShouldBe("HTTP/1.1");

    [Fact]
    public async Task Verifies_addresses_too() =>
        (await AskAsync(_certificates.Server(IPAddress.Loopback), host: "127.0.0.1")).Major.ShouldBe("1");

    [Fact]
    public Task A_certificate_for_another_name_is_refused() => RefusesAsync(_certificates.Server("elsewhere.example"));

    [Fact]
    public Task A_certificate_of_another_authority_is_refused()
    {
        using var others = new TestCertificates();
        return RefusesAsync(others.Server("localhost"));
    }

    [Fact]
    public Task A_certificate_out_of_date_is_refused() => RefusesAsync(_certificates.Server("localhost", hours: 1));

    [Fact]
    public void A_certificate_that_is_not_for_servers_is_refused()
    {
        var verifier = new ServerVerifier(new KubeConfig
        {
            Server = new Uri("https://localhost"),
            CertificateAuthority = PemSource.FromText(_certificates.AuthorityPem),
        });

        verifier.Verify(_certificates.Server("localhost"), null, SslPolicyErrors.RemoteCertificateChainErrors).ShouldBeTrue();
        verifier.Verify(_certificates.Client("me"), null, SslPolicyErrors.RemoteCertificateChainErrors).ShouldBeFalse();
    }

    [Fact]
    public async Task Everything_is_accepted_when_told_so()
    {
        using var others = new TestCertificates();
        var answer = await AskAsync(others.Server("elsewhere.example"), change: config => new KubeConfig
        {
            Server = config.Server,
            InsecureSkipTlsVerify = true,
        });

        answer.Major.ShouldBe("1");
    }

    [Fact]
    public async Task Another_server_name_is_asked_for_and_verified()
    {
        var answer = await AskAsync(_certificates.Server("kubernetes.default"), change: config => new KubeConfig
        {
            Server = config.Server,
            CertificateAuthority = config.CertificateAuthority,
            TlsServerName = "kubernetes.default",
        });

        answer.Platform.ShouldEndWith("asked for kubernetes.default");
        answer.GitVersion.ShouldBe("HTTP/2");
    }

    [Fact]
    public async Task A_client_certificate_is_presented()
    {
        using var certificate = _certificates.Client("me");
        var answer = await AskAsync(_certificates.Server("localhost"), change: config => new KubeConfig
        {
            Server = config.Server,
            CertificateAuthority = config.CertificateAuthority,
            ClientCertificate = PemSource.FromText(certificate.ExportCertificatePem()),
            ClientKey = PemSource.FromText(certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()),
        });

        answer.Platform.ShouldStartWith("CN=me ");
    }

    [Fact]
    public async Task Another_server_name_is_asked_for_and_verified_behind_a_proxy_too()
    {
        await using var proxy = new ConnectProxy();
        var answer = await AskAsync(_certificates.Server("kubernetes.default"), change: config => new KubeConfig
        {
            Server = config.Server,
            CertificateAuthority = config.CertificateAuthority,
            TlsServerName = "kubernetes.default",
            ProxyUrl = proxy.Address,
        });

        answer.Platform.ShouldEndWith("asked for kubernetes.default");
        answer.GitVersion.ShouldBe("HTTP/2");
        proxy.Asked.ShouldHaveSingleItem().ShouldStartWith("localhost:");
    }

    [Fact]
    public async Task A_proxys_login_is_part_of_its_address()
    {
        await using var proxy = new ConnectProxy { Login = "me:s3cr@t" };
        var answer = await AskAsync(_certificates.Server("localhost"), change: config => new KubeConfig
        {
            Server = config.Server,
            CertificateAuthority = config.CertificateAuthority,
            ProxyUrl = new Uri($"http://me:s3cr%40t@{proxy.Address.Authority}"),
        });

        answer.Platform.ShouldEndWith("asked for localhost");
        proxy.Asked.ShouldHaveSingleItem();
    }

    public void Dispose() => _certificates.Dispose();

    private async Task RefusesAsync(X509Certificate2 certificate)
    {
        var error = await Should.ThrowAsync<ApiException>(() => AskAsync(certificate));

        error.Code.ShouldBe(0);
        error.Message.ShouldContain("certificate");
    }

    private async Task<ServerVersion> AskAsync(
        X509Certificate2 certificate,
        string host = "localhost",
        HttpProtocols protocols = HttpProtocols.Http1AndHttp2,
        Func<KubeConfig, KubeConfig>? change = null)
    {
        await using var server = await SecureServer.StartAsync(certificate, protocols);
        var config = new KubeConfig
        {
            Server = new Uri($"https://{host}:{server.Port}"),
            CertificateAuthority = PemSource.FromText(_certificates.AuthorityPem),
        };
        using var client = Client(change is null ? config : change(config));
        return await client.VersionAsync(CancellationToken.None);
    }

    private static KubeClient Client(KubeConfig config) => new(config, new KubeClientOptions());
}
