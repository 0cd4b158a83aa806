using Slipway.Kubernetes;
using Slipway.Kubernetes.Config;
using Slipway.Testing.Cluster;
using Xunit;

namespace Slipway.Runtime.Tests.Conformance;

/// <summary>A real server that knows the tests' own kinds.</summary>
public sealed class RuntimeCluster : LocalCluster
{
    private static readonly TestKind Gadgets = new("Gadget", "gadgets");

    public KubeClient Client { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await new TestKind("Widget", "widgets").DefineAsync(Server);
        await Gadgets.DefineAsync(Server);
        Client = new KubeClient(KubeConfig.Load(new KubeConfigSource { Path = KubeConfigPath }), new KubeClientOptions());
    }

    /// <summary>A definition made anew has no history: every version of gadgets read before is too old.</summary>
    public async Task ForgetGadgetsAsync()
    {
        await Gadgets.ForgetAsync(Server);
        await Gadgets.DefineAsync(Server);
    }

    public override async Task DisposeAsync()
    {
        Client?.Dispose();
        await base.DisposeAsync();
    }
}

/// <summary>One class at a time has the cluster.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<RuntimeCluster>
{
    public const string Name = "cluster";
}
