using Shouldly;
using Slipway.Kubernetes.Config;
using Xunit;

namespace Slipway.Kubernetes.Tests.Config;

public sealed class KubeConfigTests : IDisposable
{
    private const string Full =
        """
        apiVersion: v1
        kind: Config
        current-context: one
        clusters:
        - name: c1
          cluster:
            server: https://one.example:6443
            certificate-authority: certs/ca.crt
            tls-server-name: kubernetes.default
            proxy-url: socks5://proxy.example:1080
        - name: c2
          cluster: {server: "https://two.example/prefix", insecure-skip-tls-verify: true, certificate-authority-data: LS0tQ0EtLS0=}
        users:
        - name: u1
          user: {client-certificate: certs/me.crt, client-key: certs/me.key, as: somebody, as-groups: [a, b]}
        - name: u2
          user: {token: secret, tokenFile: tokens/t}
        contexts:
        - name: one
          context: {cluster: c1, user: u1, namespace: shop}
        - name: two
          context: {cluster: c2, user: u2}
        """;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_current_context_is_taken()
    {
        var config = Load(Full);

        config.Server.ShouldBe(new Uri("https://one.example:6443"));
        config.Context.ShouldBe("one");
        config.Namespace.ShouldBe("shop");
        config.TlsServerName.ShouldBe("kubernetes.default");
        config.ProxyUrl.ShouldBe(new Uri("socks5://proxy.example:1080"));
        config.Impersonate!.User.ShouldBe("somebody");
        config.Impersonate.Groups.ShouldBe(["a", "b"]);
    }

    [Fact]
    public void Paths_are_relative_to_the_file()
    {
        var config = Load(Full);

        config.CertificateAuthority!.File.ShouldBe(Path.Combine(_folder.Path, "certs/ca.crt"));
        config.ClientCertificate!.File.ShouldBe(Path.Combine(_folder.Path, "certs/me.crt"));
        config.ClientKey!.File.ShouldBe(Path.Combine(_folder.Path, "certs/me.key"));
    }

    [Fact]
    public void Another_context_can_be_asked_for()
    {
        var config = Load(Full, "two");

        config.Server.ShouldBe(new Uri("https://two.example/prefix"));
        config.Namespace.ShouldBe("default");
        config.InsecureSkipTlsVerify.ShouldBeTrue();
        config.CertificateAuthority!.Read().ShouldBe("---CA---");
        config.Token.ShouldBe("secret");
        config.TokenFile.ShouldBe(Path.Combine(_folder.Path, "tokens/t"));
    }

    [Fact]
    public void No_credential_is_ever_printed() => Load(Full, "two").ToString().ShouldNotContain("secret");

    [Fact]
    public void Json_is_yaml() =>
        Load("""{"current-context":"x","clusters":[{"name":"c","cluster":{"server":"http://h"}}],"contexts":[{"name":"x","context":{"cluster":"c"}}]}""")
            .Server.ShouldBe(new Uri("http://h"));

    [Fact]
    public void Of_several_files_the_first_to_say_something_wins()
    {
        var first = _folder.Write("a/config", "users: [{name: u, user: {tokenFile: t}}]\ncurrent-context: x");
        var second = _folder.Write("b/config",
            """
            current-context: y
            users: [{name: u, user: {token: ignored}}]
            clusters: [{name: c, cluster: {server: "https://h", certificate-authority: ca.crt}}]
            contexts: [{name: x, context: {cluster: c, user: u}}]
            """);
        var missing = Path.Combine(_folder.Path, "missing");

        var config = KubeConfig.Load(Source() with { Environment = Variables(("KUBECONFIG", string.Join(Path.PathSeparator, missing, first, "", second))) });

        config.Context.ShouldBe("x");
        config.Token.ShouldBeNull();
        config.TokenFile.ShouldBe(Path.Combine(_folder.Path, "a/t"));
        config.CertificateAuthority!.File.ShouldBe(Path.Combine(_folder.Path, "b/ca.crt"));
    }

    [Theory]
    [InlineData("clusters: []", "current-context")]
    [InlineData("current-context: x", "'x'")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: {cluster: c}}]", "cluster 'c'")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: host}}]", "must be an absolute address")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: 'https://h'}}]", "user 'u'")]
    [InlineData("contexts: {a: b}", "must be a list")]
    [InlineData("a: [", "not valid YAML")]
    [InlineData("just text", "no kubeconfig")]
    [InlineData("clusters: [{name: c, cluster: {}}, {name: c, cluster: {}}]", "twice")]
    public void What_is_wrong_is_said_with_the_file(string yaml, string expected)
    {
        var error = Should.Throw<KubeConfigException>(() => Load(yaml));

        error.Message.ShouldContain(expected);
        error.Message.ShouldContain(Path.Combine(_folder.Path, "config"));
    }

    [Theory]
    [InlineData("{auth-provider: {name: gcp}}", "exec plugin")]
    [InlineData("{username: a, password: b}", "token or a certificate")]
    [InlineData("{client-certificate-data: YQ==}", "needs both")]
    [InlineData("{client-certificate-data: '%', client-key-data: YQ==}", "base64")]
    [InlineData("{exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}}", "v1alpha1")]
    [InlineData("{exec: {apiVersion: client.authentication.k8s.io/v1}}", "no command")]
    [InlineData("{exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Perhaps}}", "Perhaps")]
    public void Unusable_credentials_are_refused_with_the_remedy(string user, string expected)
    {
        var error = Should.Throw<KubeConfigException>(() => LoadUser(user));

        error.Message.ShouldContain(expected);
        error.Message.ShouldContain(_folder.Path);
    }

    [Fact]
    public void An_exec_plugin_is_read_whole()
    {
        var plugin = LoadUser(
            "{exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: bin/login, args: [get, token], env: [{name: A, value: b}], "
            + "installHint: get it, provideClusterInfo: true, interactiveMode: Never}}").Exec!;

        plugin.ApiVersion.ShouldBe("client.authentication.k8s.io/v1beta1");
        plugin.Command.ShouldBe(Path.Combine(_folder.Path, "bin/login"));
        plugin.Arguments.ShouldBe(["get", "token"]);
        plugin.Environment["A"].ShouldBe("b");
        plugin.InstallHint.ShouldBe("get it");
        plugin.ProvideClusterInfo.ShouldBeTrue();
        plugin.InteractiveMode.ShouldBe(ExecInteractiveMode.Never);
    }

    [Fact]
    public void A_plugin_without_a_folder_is_found_on_the_path() =>
        LoadUser("{exec: {apiVersion: client.authentication.k8s.io/v1, command: aws}}").Exec!.Command.ShouldBe("aws");

    [Theory]
    [InlineData("10.0.0.1", null, "https://10.0.0.1/")]
    [InlineData("10.0.0.1", "6443", "https://10.0.0.1:6443/")]
    [InlineData("fd00::1", "443", "https://[fd00::1]/")]
    public void In_a_pod_the_service_account_serves(string host, string? port, string server)
    {
        WriteServiceAccount();

        var config = KubeConfig.Load(Source() with { Environment = Variables(("KUBERNETES_SERVICE_HOST", host), ("KUBERNETES_SERVICE_PORT", port)) });

        config.Server.AbsoluteUri.ShouldBe(server);
        config.Namespace.ShouldBe("slipway-system");
        config.TokenFile.ShouldBe(Path.Combine(_folder.Path, "sa", "token"));
        config.CertificateAuthority!.Read().ShouldBe("CA");
        config.BypassProxy.ShouldBeTrue();
    }

    [Fact]
    public void The_variable_wins_over_the_pod_and_the_path_over_both()
    {
        WriteServiceAccount();
        var named = _folder.Write("named", Full);
        var environment = Variables(("KUBERNETES_SERVICE_HOST", "10.0.0.1"), ("KUBECONFIG", named));

        KubeConfig.Load(Source() with { Environment = environment }).Context.ShouldBe("one");
        KubeConfig.Load(Source() with { Environment = environment, Path = named, Context = "two" }).Context.ShouldBe("two");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(":")]
    public void The_home_folder_comes_last(string? variable)
    {
        _folder.Write(".kube/config", Full);

        KubeConfig.Load(Source() with { Environment = Variables(("KUBECONFIG", variable)) }).Context.ShouldBe("one");
    }

    [Fact]
    public void A_proxys_password_is_not_quoted()
    {
        var error = Should.Throw<KubeConfigException>(() => Load(
            "current-context: x\ncontexts: [{name: x, context: {cluster: c}}]\n"
            + "clusters: [{name: c, cluster: {server: 'https://h', proxy-url: 'ftp://me:s3cret@proxy.example'}}]"));

        error.Message.ShouldContain("proxy.example");
        error.Message.ShouldNotContain("s3cret");
    }

    [Theory]
    [InlineData("s3cret\\nlines")]
    [InlineData("s3cret token")]
    public void What_is_no_token_is_named_and_not_quoted(string token)
    {
        var error = Should.Throw<KubeConfigException>(() => LoadUser($"{{token: \"{token}\"}}"));

        error.Message.ShouldContain("token");
        error.Message.ShouldContain(_folder.Path);
        error.ToString().ShouldNotContain("s3cret");
    }

    [Fact]
    public void Nothing_at_all_is_said_with_the_remedy() =>
        Should.Throw<KubeConfigException>(() => KubeConfig.Load(Source())).Message.ShouldContain("set KUBECONFIG");

    [Fact]
    public void A_named_file_must_exist() =>
        Should.Throw<KubeConfigException>(() => KubeConfig.Load(Source() with { Path = "/no/such/file" })).Message.ShouldContain("/no/such/file");

    public void Dispose() => _folder.Dispose();

    private KubeConfig Load(string yaml, string? context = null) =>
        KubeConfig.Load(Source() with { Path = _folder.Write("config", yaml), Context = context });

    private KubeConfig LoadUser(string user) => Load(
        $$$"""
        current-context: x
        clusters: [{name: c, cluster: {server: "https://h"}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        users:
        - name: u
          user: {{{user}}}
        """);

    private KubeConfigSource Source() => new()
    {
        Environment = _ => null,
        HomeFolder = _folder.Path,
        ServiceAccountFolder = Path.Combine(_folder.Path, "sa"),
    };

    private static Func<string, string?> Variables(params (string Name, string? Value)[] all) =>
        name => Array.Find(all, pair => pair.Name == name).Value;

    private void WriteServiceAccount()
    {
        _folder.Write("sa/token", "t");
        _folder.Write("sa/ca.crt", "CA");
        _folder.Write("sa/namespace", "slipway-system\n");
    }
}
