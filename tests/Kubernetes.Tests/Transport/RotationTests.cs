using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Kubernetes.Config;
using Slipway.Kubernetes.Faults;
using Slipway.Testing.Proxies;
using Xunit;

namespace Slipway.Kubernetes.Tests.Transport;

/// <summary>Authorities and client certificates change in their files while a client lives.</summary>
public sealed class RotationTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TestCertificates _old = new();
    private readonly TestCertificates _new = new();
    private readonly TemporaryFolder _folder = new();
    private SecureServer _server = null!;
    private TcpForwarder _network = null!;

    [Fact]
    public async Task A_new_authority_is_trusted_without_a_restart()
    {
        WriteAuthority(_new.AuthorityPem);
        using var client = NewClient();
        await Should.ThrowAsync<ApiException>(() => client.VersionAsync(None));

        WriteAuthority(_new.AuthorityPem + "\n" + _old.AuthorityPem);

        (await client.VersionAsync(None)).Major.ShouldBe("1");
    }

    [Fact]
    public async Task An_authority_that_was_removed_is_no_longer_trusted()
    {
        WriteAuthority(_old.AuthorityPem + "\n" + _new.AuthorityPem);
        using var client = NewClient();
        await client.VersionAsync(None);

        WriteAuthority(_new.AuthorityPem);

        (await Should.ThrowAsync<ApiException>(() => ConnectAnewAsync(client))).Message.ShouldContain("certificate");
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIB")]
    [InlineData("-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----\n")]
    [InlineData(null)]
    public async Task While_the_authoritys_file_cannot_be_used_its_last_good_content_counts(string? text)
    {
        WriteAuthority(_old.AuthorityPem);
        using var client = NewClient();
        await client.VersionAsync(None);

        WriteAuthority(text);
        (await ConnectAnewAsync(client)).Major.ShouldBe("1");

        WriteAuthority(_new.AuthorityPem);
        await Should.ThrowAsync<ApiException>(() => ConnectAnewAsync(client));
    }

    [Fact]
    public async Task A_bundle_that_breaks_off_distrusts_nobody()
    {
        WriteAuthority(_new.AuthorityPem + "\n" + _old.AuthorityPem);
        using var client = NewClient();
        await client.VersionAsync(None);

        WriteAuthority(_new.AuthorityPem + "\n" + _old.AuthorityPem[.._old.AuthorityPem.IndexOf("-----END", StringComparison.Ordinal)]);

        (await ConnectAnewAsync(client)).Major.ShouldBe("1");
    }

    [Fact]
    public async Task An_authority_that_never_could_be_used_is_named()
    {
        WriteAuthority("nothing");
        using var client = NewClient();

        (await Should.ThrowAsync<ApiException>(() => client.VersionAsync(None))).Message.ShouldContain(Path.Combine(_folder.Path, "ca.crt"));
    }

    [Fact]
    public async Task A_renewed_client_certificate_is_presented_on_the_next_connection()
    {
        WriteAuthority(_old.AuthorityPem);
        WriteCertificate("one");
        using var client = NewClient(withCertificate: true);
        (await client.VersionAsync(None)).Platform.ShouldStartWith("CN=one ");

        WriteCertificate("two");

        (await client.VersionAsync(None)).Platform.ShouldStartWith("CN=one ");
        (await ConnectAnewAsync(client)).Platform.ShouldStartWith("CN=two ");
    }

    [Fact]
    public async Task A_client_certificate_that_is_refused_is_read_again_and_presented_anew()
    {
        WriteAuthority(_old.AuthorityPem);
        WriteCertificate("one");
        using var client = NewClient(withCertificate: true);
        await client.VersionAsync(None);

        WriteCertificate("two");
        _server.Refused = "CN=one";

        (await client.VersionAsync(None)).Platform.ShouldStartWith("CN=two ");
    }

    [Fact]
    public async Task A_client_certificate_that_did_not_change_is_refused_for_good()
    {
        WriteAuthority(_old.AuthorityPem);
        WriteCertificate("one");
        using var client = NewClient(withCertificate: true);
        _server.Refused = "CN=one";

        (await Should.ThrowAsync<ApiException>(() => client.VersionAsync(None))).IsUnauthorized.ShouldBeTrue();
        _server.Answered.ShouldBe(1);
    }

    [Fact]
    public async Task While_the_certificates_files_do_not_fit_together_the_last_good_one_is_presented()
    {
        WriteAuthority(_old.AuthorityPem);
        WriteCertificate("one");
        using var client = NewClient(withCertificate: true);
        await client.VersionAsync(None);

        using (var other = _old.Client("two"))
        {
            _folder.Write("me.crt", other.ExportCertificatePem());
        }

        (await ConnectAnewAsync(client)).Platform.ShouldStartWith("CN=one ");
    }

    [Fact]
    public async Task A_plugins_new_certificate_is_presented_at_once()
    {
        WriteAnswer("one");
        var program = _folder.WriteProgram("plugin", $"cat {_folder.Path}/answer.json");
        using var client = new KubeClient(
            new KubeConfig
            {
                Server = new Uri($"https://localhost:{_network.Port}"),
                CertificateAuthority = PemSource.FromText(_old.AuthorityPem),
                Exec = new ExecPlugin
                {
                    ApiVersion = "client.authentication.k8s.io/v1",
                    Command = program,
                    InteractiveMode = ExecInteractiveMode.Never,
                },
            },
            new KubeClientOptions());
        (await client.VersionAsync(None)).Platform.ShouldStartWith("CN=one ");

        WriteAnswer("two");
        _server.Refused = "CN=one";

        (await client.VersionAsync(None)).Platform.ShouldStartWith("CN=two ");
    }

    public async Task InitializeAsync()
    {
        _server = await SecureServer.StartAsync(_old.Server("localhost"));
        _network = new TcpForwarder("127.0.0.1", _server.Port);
    }

    public async Task DisposeAsync()
    {
        await _network.DisposeAsync();
        await _server.DisposeAsync();
        _old.Dispose();
        _new.Dispose();
        _folder.Dispose();
    }

    private async Task<ServerVersion> ConnectAnewAsync(KubeClient client)
    {
        await _network.StopAsync();
        _network.Start();
        return await client.VersionAsync(None);
    }

    private KubeClient NewClient(bool withCertificate = false) => new(
        new KubeConfig
        {
            Server = new Uri($"https://localhost:{_network.Port}"),
            CertificateAuthority = PemSource.FromFile(Path.Combine(_folder.Path, "ca.crt")),
            ClientCertificate = withCertificate ? PemSource.FromFile(Path.Combine(_folder.Path, "me.crt")) : null,
            ClientKey = withCertificate ? PemSource.FromFile(Path.Combine(_folder.Path, "me.key")) : null,
        },
        new KubeClientOptions());

    private void WriteAuthority(string? pem)
    {
        if (pem is null)
        {
            File.Delete(Path.Combine(_folder.Path, "ca.crt"));
        }
        else
        {
            _folder.Write("ca.crt", pem);
        }
    }

    private void WriteCertificate(string name)
    {
        using var certificate = _old.Client(name);
        _folder.Write("me.crt", certificate.ExportCertificatePem());
        _folder.Write("me.key", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    private void WriteAnswer(string name)
    {
        using var certificate = _old.Client(name);
        var status = new JsonObject
        {
            ["clientCertificateData"] = certificate.ExportCertificatePem(),
            ["clientKeyData"] = certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(),
        };
        var answer = new JsonObject
        {
            ["apiVersion"] = "client.authentication.k8s.io/v1",
            ["kind"] = "ExecCredential",
            ["status"] = status,
        };
        _folder.Write("answer.json", answer.ToJsonString());
    }
}
