using Shouldly;
using Slipway.Kubernetes.Config;
using Slipway.Kubernetes.Transport;
using Slipway.Testing;
using Xunit;

namespace Slipway.Kubernetes.Tests.Transport;

public sealed class ExecProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Reads_token_and_end_of_what_the_plugin_prints()
    {
        var credential = await RunAsync(
            """
            echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"'$1$EXTRA'","expirationTimestamp":"2030-01-02T03:04:05Z"}}'
            """);

        credential.Token.ShouldBe("argument-variable");
        credential.Expires.ShouldBe(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));
    }

    [Fact]
    public async Task Tells_the_plugin_which_cluster_it_is_for()
    {
        await RunAsync(
            $$$"""
            printf %s "$KUBERNETES_EXEC_INFO" > {{{_folder.Path}}}/question
            echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t"}}'
            """);

        File.ReadAllText(Path.Combine(_folder.Path, "question")).ShouldBe(
            """{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","spec":{"interactive":false,"cluster":{"server":"https://host","insecure-skip-tls-verify":false}}}""");
    }

    [Theory]
    [InlineData("echo 'please log in' >&2; exit 3", "exit code 3: please log in")]
    [InlineData("echo secret", "did not print an ExecCredential")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"secret"}}'""", "v1beta1")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{}}'""", "neither a token nor")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"clientCertificateData":"secret","clientKeyData":"secret"}}'""", "cannot be used")]
    public async Task What_goes_wrong_names_plugin_and_context_and_no_secret(string shell, string expected)
    {
        var error = await Should.ThrowAsync<KubeConfigException>(() => RunAsync(shell));

        error.Message.ShouldContain(expected);
        error.Message.ShouldContain("context 'work'");
        error.Message.ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_plugin_that_is_missing_comes_with_its_install_hint()
    {
        var error = await Should.ThrowAsync<KubeConfigException>(() => RunProgramAsync("/no/such/plugin"));

        error.Message.ShouldContain("/no/such/plugin");
        error.Message.ShouldContain("brew install plugin");
    }

    [Fact]
    public async Task A_plugin_that_does_not_end_is_stopped()
    {
        var clock = new FakeClock();
        var running = RunAsync($"echo $$ > {_folder.Path}/pid; exec sleep 3600", clock);
        var pid = Path.Combine(_folder.Path, "pid");
        await Eventually.See("the plugin runs", () => File.Exists(pid) && File.ReadAllText(pid).EndsWith('\n'));

        clock.Advance(TimeSpan.FromMinutes(1));

        (await Should.ThrowAsync<KubeConfigException>(running)).Message.ShouldContain("did not end in time");
        var id = File.ReadAllText(pid).Trim();
        await Eventually.See("the plugin is gone", () => !File.Exists($"/proc/{id}/status") || File.ReadAllText($"/proc/{id}/status").Contains("zombie"));
    }

    public void Dispose() => _folder.Dispose();

    private Task<Credential> RunAsync(string shell, TimeProvider? time = null) =>
        RunProgramAsync(_folder.WriteProgram("plugin", shell), time);

    private static Task<Credential> RunProgramAsync(string command, TimeProvider? time = null)
    {
        var plugin = new ExecPlugin
        {
            ApiVersion = "client.authentication.k8s.io/v1",
            Command = command,
            Arguments = ["argument"],
            Environment = new Dictionary<string, string> { ["EXTRA"] = "-variable" },
            InstallHint = "brew install plugin",
            ProvideClusterInfo = true,
            InteractiveMode = ExecInteractiveMode.Never,
        };
        var config = new KubeConfig { Server = new Uri("https://host"), Context = "work", Origin = "a file", Exec = plugin };
        return new ExecProcess(plugin, config, time ?? TimeProvider.System).RunAsync(CancellationToken.None);
    }
}
