using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Resources;
using Slipway.Ledger;
using Slipway.Ledger.Env;

namespace Slipway.Operator;

/// <summary>
/// The keys that variables are encrypted with, where no file was given: a Secret in the operator's namespace. The leader reads it again and
/// again, so that a rotation needs no restart, and makes it when there is none, but never when something was encrypted already: whoever
/// lost it must put it back, and would overwrite a new one by that.
/// </summary>
/// <param name="client">Reads the Secret, and makes it.</param>
/// <param name="namespace">Where it is.</param>
/// <param name="hasEncrypted">Whether the ledger holds anything that was encrypted. Null: the Secret is only read.</param>
/// <param name="made">Told once the Secret was made.</param>
/// <param name="time">The clock.</param>
public sealed class EnvKeySecret(
    KubeClient client, string @namespace, Func<CancellationToken, Task<bool>>? hasEncrypted, Action<NamespacedName> made, TimeProvider time)
{
    /// <summary>Name of the Secret.</summary>
    public const string Name = "slipway-env-keys";

    /// <summary>Its entry: lines as in a file.</summary>
    public const string Entry = "keys";

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    private volatile EnvKeyRing? _ring;
    private volatile string _problem = "it has not been read yet";

    private NamespacedName Key => new(@namespace, Name);

    /// <exception cref="EnvKeyUnavailableException">They could not be read yet.</exception>
    public EnvKeyRing Read() => _ring ?? throw new EnvKeyUnavailableException(
        $"the operator has no key to encrypt variables with: Secret {Key}: {_problem}");

    /// <summary>Looks once. What was read before stays when the Secret cannot be read now.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            _ring = EnvKeyRing.Parse(await ReadOrMakeAsync(cancellationToken));
        }
        catch (FormatException error)
        {
            _problem = $"its entry \"{Entry}\" is wrong: {error.Message}";
        }
        catch (Exception error) when (error is ApiException || LedgerFaults.IsUnavailable(error))
        {
            _problem = error.Message;
        }
        catch (EnvKeyUnavailableException error)
        {
            _problem = error.Message;
        }
    }

    /// <summary>Looks again and again, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(_ring is null ? Retry : Period, time, cancellationToken);
            await LookAsync(cancellationToken);
        }
    }

    private async Task<string> ReadOrMakeAsync(CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is { } known)
        {
            return known;
        }

        if (hasEncrypted is null || await hasEncrypted(cancellationToken))
        {
            throw new EnvKeyUnavailableException("it is not there; variables were encrypted with its keys: put it back, or give the keys as a file");
        }

        await MakeAsync(cancellationToken);
        return await FindAsync(cancellationToken) ?? throw new EnvKeyUnavailableException("it was made, and is gone again");
    }

    private async Task<string?> FindAsync(CancellationToken cancellationToken)
    {
        if (await client.GetAsync<V1Secret>(Key, cancellationToken) is not { } secret)
        {
            return null;
        }

        return secret.Data?.GetValueOrDefault(Entry) is { } bytes
            ? Encoding.UTF8.GetString(bytes)
            : throw new FormatException("there is no such entry");
    }

    /// <summary>Whoever is first makes it for everybody.</summary>
    private async Task MakeAsync(CancellationToken cancellationToken)
    {
        var id = string.Create(
            CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyyMMdd}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}");
        var line = $"{id}:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(EnvKeyRing.KeySize))}\n";
        try
        {
            await client.CreateAsync(
                new V1Secret
                {
                    Metadata = new ObjectMeta
                    {
                        Name = Name,
                        Namespace = @namespace,
                        Labels = new Dictionary<string, string> { [WellKnown.Labels.AppName] = "slipway" },
                    },
                    SecretType = "Opaque",
                    Data = new Dictionary<string, byte[]> { [Entry] = Encoding.UTF8.GetBytes(line) },
                },
                cancellationToken);
            made(Key);
        }
        catch (ApiException error) when (error.IsAlreadyExists)
        {
            // Another operator was faster; its key is the one.
        }
    }
}
