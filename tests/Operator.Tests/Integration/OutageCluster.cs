using Slipway.Testing;
using Slipway.Testing.Cluster;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

/// <summary>An API server of its own, which tests take away and give other certificates.</summary>
public sealed class OutageCluster : LocalCluster
{
    protected override string Instance => "outage";

    /// <summary>Never somebody's own cluster.</summary>
    protected override string? Given => null;

    public bool IsApiStopped { get; private set; }

    /// <summary>Ends the API server, and nothing else.</summary>
    public Task StopApiAsync()
    {
        IsApiStopped = true;
        return Repository.HackAsync("cluster", "stop-api", "--name", Instance);
    }

    /// <summary>
    /// Starts the API server at the same address, after ending it if it runs. With a new authority everything it had signed is worth
    /// nothing any more; tokens stay good.
    /// </summary>
    public async Task StartApiAsync(bool newAuthority = false)
    {
        await Repository.HackAsync("cluster", ["start-api", "--name", Instance, .. newAuthority ? (string[])["--new-authority"] : []]);
        Server.Reconnect(await ReadKubeConfigAsync());
        IsApiStopped = false;
    }

    /// <summary>Who will sign it after the next start with a new authority, as PEM.</summary>
    public Task<string> NextAuthorityAsync() => Repository.HackAsync("cluster", "next-authority", "--name", Instance);

    /// <summary>Who signs the API server's certificate, as PEM.</summary>
    public async Task<string> AuthorityAsync()
    {
        var config = await ReadKubeConfigAsync();
        return System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(config.Text("clusters.0.cluster.certificate-authority-data")!));
    }
}

/// <summary>Outages are long and busy; nothing else that runs on a clock runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OutageCollection : ICollectionFixture<OutageCluster>
{
    public const string Name = "API server with outages";
}
