using Slipway.Testing.Cluster;

namespace Slipway.EndToEnd;

/// <summary>The local cluster with its node: real pods, real images, a real registry.</summary>
public sealed class NodeCluster : LocalCluster
{
    protected override string Instance => "e2e";

    protected override IReadOnlyList<string> Options => [];

    public string InstanceName => Instance;
}
