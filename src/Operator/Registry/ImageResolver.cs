using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Resources;
using Slipway.Ledger;
using Slipway.Operator.Releases;

namespace Slipway.Operator.Registry;

/// <summary>Turns the image of a release into one that cannot change any more, with the pull secrets its pods will use.</summary>
public sealed class ImageResolver(KubeClient client, RegistryClient registry)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <exception cref="ImageNotFoundException">The registry has no such tag, or refuses the login.</exception>
    /// <exception cref="RegistryUnavailableException">The registry cannot be asked now.</exception>
    public Task<ResolvedImage> ResolveAsync(ReleaseRow release, CancellationToken cancellationToken) => ResolveAsync(
        release, release.Image ?? throw new InvalidOperationException($"release {release.Name} has no image"), cancellationToken);

    /// <summary>The same for an image that the release was not given: the one that was built for it.</summary>
    public async Task<ResolvedImage> ResolveAsync(ReleaseRow release, string reference, CancellationToken cancellationToken)
    {
        var image = ImageReference.Parse(reference) ?? throw new ImageNotFoundException($"\"{reference}\" is no image name");
        var template = ReleaseTemplate.Parse(release.Template!);
        if (template.OnlyFromNode())
        {
            return new ResolvedImage(reference, null, [], Pinned: false);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var credentials = await CredentialsAsync(release.Namespace, template, cancellationToken);
            var resolved = await registry.ResolveAsync(image, credentials, patience.Token);
            return new ResolvedImage(image.Digest is null ? image.Pin(resolved.Digest) : reference, resolved.Digest, resolved.Equivalent, Pinned: true);
        }
        catch (Exception error) when (image.Digest is not null && !cancellationToken.IsCancellationRequested
            && error is ImageNotFoundException or RegistryUnavailableException or OperationCanceledException)
        {
            // A digest needs no registry: only the node must reach it. What is lost is the other digests of the same image.
            return new ResolvedImage(reference, image.Digest, [image.Digest!], Pinned: true);
        }
        catch (ApiException error) when (error.IsForbidden)
        {
            throw new RegistryUnavailableException($"the pull secrets for {image.Name} cannot be read: {error.Message}", error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RegistryUnavailableException($"registry {image.Registry} did not answer within {Patience.TotalSeconds:0} s", error);
        }
    }

    private async Task<Credentials> CredentialsAsync(string @namespace, ReleaseTemplate template, CancellationToken cancellationToken)
    {
        var account = await client.GetAsync<V1ServiceAccount>(new NamespacedName(@namespace, template.ServiceAccount()), cancellationToken);
        var names = template.PullSecrets().Concat((account?.ImagePullSecrets ?? []).Select(secret => secret.Name).OfType<string>());
        var credentials = new Credentials();
        foreach (var name in names.Distinct())
        {
            var secret = await client.GetAsync<V1Secret>(new NamespacedName(@namespace, name), cancellationToken);
            foreach (var config in new[] { ".dockerconfigjson", ".dockercfg" }.Select(key => secret?.Data?.GetValueOrDefault(key)).OfType<byte[]>())
            {
                credentials.Add(config);
            }
        }

        return credentials;
    }
}
