using System.Security.Cryptography;
using System.Text;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Faults;

namespace Slipway.Operator.Releases;

/// <summary>Deployments that the operator itself makes, owned by their stack.</summary>
public static class MadeDeployments
{
    private const int LongestName = 63;

    /// <summary>A name with a suffix, cut in the middle where it would be too long for a Deployment; then it has a hash of the whole.</summary>
    public static string NameOf(string name, string suffix)
    {
        var room = LongestName - suffix.Length;
        return name.Length <= room ? name + suffix : $"{name[..(room - 7)].TrimEnd('-', '.')}-{Hash(name)[..6]}{suffix}";
    }

    /// <summary>Lower-case hex of SHA-256.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Creates it, unless it is there already.</summary>
    /// <returns>False when its name belongs to another one, which was left untouched.</returns>
    public static async Task<bool> CreateAsync(KubeClient client, Stack stack, Deployment deployment, CancellationToken cancellationToken)
    {
        try
        {
            await client.CreateAsync(deployment, cancellationToken);
            return true;
        }
        catch (ApiException error) when (error.IsAlreadyExists)
        {
            var live = await client.GetAsync<Deployment>(NamespacedName.Of(deployment), cancellationToken);
            return live?.Metadata.Controller()?.Uid == stack.Metadata.Uid
                && DeploymentSpecHash.Of(live!.Spec) == DeploymentSpecHash.Of(deployment.Spec);
        }
    }
}
