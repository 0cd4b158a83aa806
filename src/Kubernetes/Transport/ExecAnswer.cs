using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Slipway.Kubernetes.Config;

namespace Slipway.Kubernetes.Transport;

/// <summary>Reads a plugin's output. No message quotes it: it holds secrets.</summary>
internal static class ExecAnswer
{
    public static Credential Read(string output, ExecPlugin plugin, string subject)
    {
        var document = Parse(output, subject);
        if (document.Kind != "ExecCredential" || document.ApiVersion != plugin.ApiVersion)
        {
            throw new KubeConfigException(
                $"{subject} answered with {document.Kind} {document.ApiVersion}, but {plugin.ApiVersion} was asked for; make both agree.");
        }

        var status = document.Status;
        var certificate = Certificate(status, subject);
        return status is null || (string.IsNullOrEmpty(status.Token) && certificate is null)
            ? throw new KubeConfigException($"{subject} printed neither a token nor a client certificate; try it by hand.")
            : new Credential(Token(status, subject), certificate, status.ExpirationTimestamp);
    }

    private static string? Token(ExecCredentialStatus status, string subject) =>
        string.IsNullOrEmpty(status.Token) ? null : BearerToken.Check(status.Token, subject);

    private static ExecCredentialDocument Parse(string output, string subject)
    {
        try
        {
            return JsonSerializer.Deserialize(output, ExecJson.Default.ExecCredentialDocument) ?? new ExecCredentialDocument();
        }
        catch (JsonException error)
        {
            throw new KubeConfigException($"{subject} did not print an ExecCredential in JSON; try it by hand.", error);
        }
    }

    private static X509Certificate2? Certificate(ExecCredentialStatus? status, string subject)
    {
        if (string.IsNullOrEmpty(status?.ClientCertificateData) || string.IsNullOrEmpty(status.ClientKeyData))
        {
            return null;
        }

        try
        {
            return ClientCertificate.Load(status.ClientCertificateData, status.ClientKeyData);
        }
        catch (CryptographicException error)
        {
            throw new KubeConfigException($"{subject} printed a client certificate or key that cannot be used: {error.Message}", error);
        }
    }
}
