using System.Text;
using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Resources;
using Slipway.Operator.Deployments;

namespace Slipway.Operator.EnvPatches;

/// <summary>What the Secrets of a patch hold, or what is waited for.</summary>
/// <param name="Values">The variables; empty while something is missing.</param>
/// <param name="Missing">Which Secret cannot be taken from, and why; null when all can.</param>
public sealed record EnvSecretValues(IReadOnlyDictionary<string, string> Values, SpecProblem? Missing = null);

/// <summary>Reads the Secrets that a patch names, one by one. Only those with the label: whoever may write EnvPatches must not read every Secret that way.</summary>
public sealed class EnvSecretSources(KubeClient client)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public async Task<EnvSecretValues> ReadAsync(EnvPatch patch, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var source in patch.Spec.SetFrom ?? [])
        {
            var secret = await client.GetAsync<V1Secret>(new NamespacedName(patch.Metadata.Namespace!, source.Name), cancellationToken);
            if (Problem(secret, source) is { } problem)
            {
                return new EnvSecretValues(new Dictionary<string, string>(), problem);
            }

            foreach (var (key, bytes) in (secret!.Data ?? new Dictionary<string, byte[]>()).Where(pair => source.Keys?.Contains(pair.Key) != false))
            {
                values[key] = Strict.GetString(bytes);
            }
        }

        return new EnvSecretValues(values);
    }

    private static SpecProblem? Problem(V1Secret? secret, EnvSecretSource source)
    {
        if (secret is null)
        {
            return new SpecProblem(Reasons.SecretNotFound, $"waiting for Secret {source.Name}, which spec.setFrom names");
        }

        if (secret.Metadata.Label(WellKnown.Labels.Env) != "true")
        {
            return new SpecProblem(
                Reasons.SecretNotLabelled,
                $"Secret {source.Name} has no label {WellKnown.Labels.Env}: \"true\", with which its owner agrees that patches take from it; waiting for it");
        }

        var missing = (source.Keys ?? []).FirstOrDefault(key => secret.Data?.ContainsKey(key) != true);
        return missing is null ? NotText(secret, source) : new SpecProblem(Reasons.SecretNotFound, $"waiting for the entry \"{missing}\" of Secret {source.Name}");
    }

    /// <summary>A variable is text; what is not would arrive spoiled.</summary>
    private static SpecProblem? NotText(V1Secret secret, EnvSecretSource source)
    {
        foreach (var (key, bytes) in (secret.Data ?? new Dictionary<string, byte[]>()).Where(pair => source.Keys?.Contains(pair.Key) != false))
        {
            try
            {
                Strict.GetCharCount(bytes);
            }
            catch (DecoderFallbackException)
            {
                return new SpecProblem(Reasons.InvalidEnvValue, $"the entry \"{key}\" of Secret {source.Name} is not UTF-8 text; name the entries to take in spec.setFrom.keys, or correct it");
            }
        }

        return null;
    }
}
