using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Slipway.Kubernetes.Config;

namespace Slipway.Kubernetes.Transport;

/// <summary>Runs a credential plugin as a child process and reads what it prints.</summary>
internal sealed class ExecProcess(ExecPlugin plugin, KubeConfig config, TimeProvider time) : IExecRunner
{
    private const int LongestComplaint = 1000;

    /// <summary>How long a plugin may take that has nobody to ask.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Somebody may have to find a browser and a second factor first.</summary>
    private static readonly TimeSpan PatienceWithPerson = TimeSpan.FromMinutes(10);

    public async Task<Credential> RunAsync(CancellationToken cancellationToken)
    {
        var interactive = IsInteractive();
        using var limit = new TimeLimit(interactive ? PatienceWithPerson : Patience, time, cancellationToken);
        using var process = Start(interactive);
        try
        {
            return await ReadAsync(process, interactive, limit.Token);
        }
        catch (OperationCanceledException error)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new KubeConfigException($"{Subject} did not end in time and was stopped; try it by hand.{Hint}", error);
        }
    }

    private async Task<Credential> ReadAsync(Process process, bool interactive, CancellationToken cancellationToken)
    {
        var complaint = interactive ? Task.FromResult("") : process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? ExecAnswer.Read(output, plugin, Subject)
            : throw new KubeConfigException($"{Subject} ended with exit code {process.ExitCode}: {Shorten(await complaint)}{Hint}");
    }

    private string Subject =>
        $"{config.Origin}: the credential plugin '{plugin.Command}'" + (config.Context is null ? "" : $" of context '{config.Context}'");

    private string Hint => plugin.InstallHint is null ? "" : $" {plugin.InstallHint}";

    private bool IsInteractive()
    {
        var available = !Console.IsInputRedirected;
        return plugin.InteractiveMode switch
        {
            ExecInteractiveMode.Never => false,
            ExecInteractiveMode.IfAvailable => available,
            ExecInteractiveMode.Always => available
                ? true
                : throw new KubeConfigException(
                    $"{Subject} needs a terminal, and there is none; run it from one, or use other credentials."),
        };
    }

    private Process Start(bool interactive)
    {
        try
        {
            var process = Process.Start(Describe(interactive))!;
            if (!interactive)
            {
                process.StandardInput.Close();
            }

            return process;
        }
        catch (Win32Exception error)
        {
            throw new KubeConfigException($"{Subject} cannot be started: {error.Message}. Install it or correct its path.{Hint}", error);
        }
    }

    private ProcessStartInfo Describe(bool interactive)
    {
        var start = new ProcessStartInfo(plugin.Command, plugin.Arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = !interactive,
            RedirectStandardInput = !interactive,
            UseShellExecute = false,
        };
        foreach (var (name, value) in plugin.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["KUBERNETES_EXEC_INFO"] = Question(interactive);
        return start;
    }

    private string Question(bool interactive)
    {
        var document = new ExecCredentialDocument
        {
            ApiVersion = plugin.ApiVersion,
            Kind = "ExecCredential",
            Spec = new ExecCredentialSpec { Interactive = interactive, Cluster = plugin.ProvideClusterInfo ? Cluster() : null },
        };
        return JsonSerializer.Serialize(document, ExecJson.Default.ExecCredentialDocument);
    }

    private ExecCluster Cluster() => new()
    {
        Server = config.Server.AbsoluteUri.TrimEnd('/'),
        TlsServerName = config.TlsServerName,
        InsecureSkipTlsVerify = config.InsecureSkipTlsVerify,
        CertificateAuthorityData = config.CertificateAuthority is { } authority ? Encoding.UTF8.GetBytes(authority.Read()) : null,
        ProxyUrl = config.ProxyUrl?.ToString(),
    };

    private static string Shorten(string text)
    {
        var trimmed = text.Trim();
        return trimmed.Length <= LongestComplaint ? trimmed : "… " + trimmed[^LongestComplaint..];
    }
}
