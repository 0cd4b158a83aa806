using System.Security.Cryptography;
using System.Text.Json;

namespace Slipway.Crds.V1Alpha1.Deployments;

/// <summary>The identity of what a Deployment asks for: everything in its spec but the wish to cancel it.</summary>
public static class DeploymentSpecHash
{
    /// <summary>SHA-256 of the spec's JSON as lower-case hex. Absent fields do not count, so that later schema additions keep old hashes.</summary>
    public static string Of(DeploymentSpec spec)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(spec with { Cancel = null }, CrdsJson.Default.DeploymentSpec);
        return Convert.ToHexStringLower(SHA256.HashData(json));
    }
}
