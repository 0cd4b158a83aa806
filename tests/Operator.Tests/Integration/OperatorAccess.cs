using System.Net;
using System.Text.Json.Nodes;
using Slipway.Testing;
using Slipway.Testing.Cluster;

namespace Slipway.Operator.Tests.Integration;

/// <summary>
/// The operator's own way to the API server: TLS, and a token of its service account that can be revoked. Authority and token are files,
/// as in a pod, and can be replaced while the operator runs.
/// </summary>
public sealed class OperatorAccess : IAsyncDisposable
{
    private const string Account = "/api/v1/namespaces/slipway-system/serviceaccounts/slipway";
    private const string Secrets = "/api/v1/namespaces/slipway-system/secrets";

    private readonly OutageCluster _cluster;
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-access-").FullName;
    private string _secret = "";
    private string _token = "";

    private OperatorAccess(OutageCluster cluster) => _cluster = cluster;

    public string KubeConfigPath => Path.Combine(_folder, "kubeconfig");

    /// <param name="cluster">Whose API server it is.</param>
    /// <param name="port">Where the way to it begins, on this machine.</param>
    public static async Task<OperatorAccess> CreateAsync(OutageCluster cluster, int port)
    {
        var access = new OperatorAccess(cluster);
        access.WriteAuthority(await cluster.AuthorityAsync());
        access.WriteToken(await access.MintAsync());
        await File.WriteAllTextAsync(access.KubeConfigPath, $"""
            apiVersion: v1
            kind: Config
            current-context: outage
            clusters:
            - name: outage
              cluster:
                server: https://127.0.0.1:{port}
                certificate-authority: ca.crt
            users:
            - name: operator
              user:
                tokenFile: token
            contexts:
            - name: outage
              context:
                cluster: outage
                user: operator
            """);
        return access;
    }

    /// <summary>Replaces the file of the authorities.</summary>
    public void WriteAuthority(string pem) => Replace("ca.crt", pem);

    /// <summary>Replaces the file of the token.</summary>
    public void WriteToken(string token) => Replace("token", token);

    /// <summary>A new token. The one before stays good until it is revoked.</summary>
    public async Task<string> MintAsync()
    {
        var secret = await _cluster.Server.CreateAsync(
            Secrets, new JsonObject { ["metadata"] = new JsonObject { ["generateName"] = "outage-" } });
        var bound = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["name"] = secret.Text("metadata.name"),
            ["uid"] = secret.Text("metadata.uid"),
        };
        var answer = await _cluster.Server.CreateAsync($"{Account}/token", new JsonObject
        {
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["kind"] = "TokenRequest",
            ["spec"] = new JsonObject { ["expirationSeconds"] = 3600, ["boundObjectRef"] = bound },
        });
        (_secret, _token) = (secret.Text("metadata.name")!, answer.Text("status.token")!);
        return _token;
    }

    /// <summary>Revokes the token minted last, and waits until the API server refuses it: it remembers for some seconds whom it knows.</summary>
    public Task RevokeAsync() => RevokeAsync(_secret, _token);

    /// <summary>A new token in its file, and only then the end of the one before, as the kubelet does it.</summary>
    public async Task RotateTokenAsync()
    {
        var (secret, token) = (_secret, _token);
        WriteToken(await MintAsync());
        await RevokeAsync(secret, token);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.Server.DeleteAsync($"{Secrets}/{_secret}");
        Directory.Delete(_folder, recursive: true);
    }

    private async Task RevokeAsync(string secret, string token)
    {
        await _cluster.Server.DeleteAsync($"{Secrets}/{secret}");
        using var bearer = ApiServer.FromKubeConfig(new JsonObject
        {
            ["clusters"] = new JsonArray((await _cluster.ReadKubeConfigAsync()).At("clusters.0")!.DeepClone()),
            ["users"] = new JsonArray(new JsonObject { ["user"] = new JsonObject { ["token"] = token } }),
        });
        await Eventually.See("the token is refused", () => IsRefusedAsync(bearer), refused => refused);
    }

    private static async Task<bool> IsRefusedAsync(ApiServer bearer)
    {
        try
        {
            await bearer.GetAsync("/apis/slipway.dev/v1alpha1/stacks");
            return false;
        }
        catch (ApiServerException exception) when (exception.Code == HttpStatusCode.Unauthorized)
        {
            return true;
        }
    }

    /// <summary>In one step, as a volume is.</summary>
    private void Replace(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText($"{path}.new", text);
        File.Move($"{path}.new", path, overwrite: true);
    }
}
