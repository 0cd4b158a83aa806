using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Kubernetes.Config;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Resources;
using Slipway.Kubernetes.Tests.Kinds;
using Slipway.Testing.FakeApi;
using Slipway.Testing.Proxies;
using Xunit;

namespace Slipway.Kubernetes.Tests.Transport;

/// <summary>What shares connections, tries and time with what.</summary>
public sealed class LaneTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly NamespacedName Key = new("shop", "a");
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(10);

    private readonly TestCertificates _certificates = new();
    private SecureServer _server = null!;
    private TcpForwarder _network = null!;

    [Fact]
    public async Task A_renewal_does_not_wait_behind_a_stuck_request()
    {
        using var client = NewClient(Short);
        await client.VersionAsync(None);
        LoseOpenConnections();

        (await client.GetAsync<V1Lease>(Key, None)).ShouldNotBeNull();
        (await Should.ThrowAsync<ApiException>(() => client.VersionAsync(None))).Reason.ShouldBe(ApiException.NoAnswer);
    }

    [Fact]
    public async Task A_request_does_not_wait_behind_a_stuck_renewal()
    {
        using var client = NewClient(Short);
        await client.GetAsync<V1Lease>(Key, None);
        LoseOpenConnections();

        (await client.VersionAsync(None)).Major.ShouldBe("1");
        (await Should.ThrowAsync<ApiException>(() => client.GetAsync<V1Lease>(Key, None))).Reason.ShouldBe(ApiException.NoAnswer);
    }

    [Fact]
    public async Task A_renewal_without_an_answer_connects_anew_the_next_time()
    {
        using var client = NewClient(Short);
        await client.GetAsync<V1Lease>(Key, None);
        LoseOpenConnections();
        (await Should.ThrowAsync<ApiException>(() => client.GetAsync<V1Lease>(Key, None))).Reason.ShouldBe(ApiException.NoAnswer);

        (await client.GetAsync<V1Lease>(Key, None)).ShouldNotBeNull();
        _network.Accepted.ShouldBe(2);
    }

    [Fact]
    public async Task Each_lane_has_one_connection_however_many_requests_it_carries()
    {
        using var client = NewClient(TimeSpan.FromSeconds(30));
        await client.VersionAsync(None);
        await client.GetAsync<V1Lease>(Key, None);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.VersionAsync(None)));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.GetAsync<V1Lease>(Key, None)));

        _network.Accepted.ShouldBe(2);
    }

    [Fact]
    public async Task Another_limit_of_time_shares_the_connections_and_leaves_them_open()
    {
        using var client = NewClient(TimeSpan.FromMinutes(10));
        await client.VersionAsync(None);
        using (var impatient = client.WithTimeout(Short))
        {
            (await impatient.VersionAsync(None)).Major.ShouldBe("1");
        }

        (await client.VersionAsync(None)).Major.ShouldBe("1");
        _network.Accepted.ShouldBe(1);

        LoseOpenConnections();
        (await Should.ThrowAsync<ApiException>(() => client.WithTimeout(Short).VersionAsync(None))).Message.ShouldContain("10 s");
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_renewal_is_tried_once(int code)
    {
        await using var fake = await FakeApiServer.StartAsync();
        fake.Faults.Next(new Fault.Refuse(code, "Busy", RetryAfterSeconds: 0));
        using var client = fake.NewClient();

        (await Should.ThrowAsync<ApiException>(() => client.GetAsync<V1Lease>(Key, None))).Code.ShouldBe(code);
        fake.Requests.Count.ShouldBe(1);
        (await client.GetAsync<V1ConfigMap>(Key, None)).ShouldBeNull();
    }

    public async Task InitializeAsync()
    {
        _server = await SecureServer.StartAsync(_certificates.Server("localhost"));
        _network = new TcpForwarder("127.0.0.1", _server.Port);
    }

    public async Task DisposeAsync()
    {
        await _network.DisposeAsync();
        await _server.DisposeAsync();
        _certificates.Dispose();
    }

    private void LoseOpenConnections()
    {
        _network.Freeze();
        _network.Thaw();
    }

    private KubeClient NewClient(TimeSpan timeout) => new(
        new KubeConfig
        {
            Server = new Uri($"https://localhost:{_network.Port}"),
            CertificateAuthority = PemSource.FromText(_certificates.AuthorityPem),
        },
        new KubeClientOptions { Timeout = timeout });
}
