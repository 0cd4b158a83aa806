using Shouldly;
using Slipway.Operator.Builds;
using Slipway.Testing;
using Xunit;

namespace Slipway.Operator.Tests.Builds;

/// <summary>The script that fetches, with the real git on a repository on disk.</summary>
public sealed class SourceGitTests : IAsyncLifetime, IDisposable
{
    private readonly ScriptFolder _folder = new();
    private string _first = "";
    private string _second = "";

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(_folder.PathOf("repository"));
        await _folder.GitAsync("repository", "init", "--quiet", "--initial-branch=trunk");
        _folder.Write("repository/page", "one");
        _folder.Write("repository/apps/shop/Dockerfile", "FROM scratch");
        _first = await CommitAsync("first");
        await _folder.GitAsync("repository", "tag", "--annotate", "v1", "--message", "the first");
        _folder.Write("repository/page", "two");
        Directory.CreateSymbolicLink(_folder.PathOf("repository/outside"), "/etc");
        _second = await CommitAsync("second");
        await _folder.GitAsync("repository", "checkout", "--quiet", "-b", "feature/cart", _first);
        _folder.Write("repository/page", "cart");
        await CommitAsync("cart");
        await _folder.GitAsync("repository", "checkout", "--quiet", "trunk");
    }

    [Fact]
    public async Task Fetches_the_default_branch_and_tells_its_commit()
    {
        var result = await FetchAsync();

        (result.ExitCode, _folder.Termination, _folder.Fetched("page")).ShouldBe((0, _second, "two"), result.Output);
        result.Output.ShouldContain($"fetched commit {_second}");
    }

    [Fact]
    public async Task Fetches_a_branch_a_tag_and_commits_whole_or_shortened()
    {
        await FetchAsync("feature/cart");
        _folder.Fetched("page").ShouldBe("cart");

        await FetchAsync("v1");
        (_folder.Termination, _folder.Fetched("page")).ShouldBe((_first, "one"), "the commit that an annotated tag means");

        await FetchAsync(_first);
        (_folder.Termination, _folder.Fetched("page")).ShouldBe((_first, "one"));

        await FetchAsync(_first[..9]);
        (_folder.Termination, _folder.Fetched("page")).ShouldBe((_first, "one"));
    }

    [Fact]
    public async Task Can_be_run_again_after_it_was_interrupted()
    {
        _folder.Write("workspace/source/.git/config", "half written");
        _folder.Write("workspace/source/left-over", "");

        var result = await FetchAsync();

        result.ExitCode.ShouldBe(0, result.Output);
        _folder.Fetched("left-over").ShouldBeNull();
    }

    [Theory]
    [InlineData("no-such-branch")]
    [InlineData("0123456789abcdef0123456789abcdef01234567")]
    [InlineData("abcdef1")]
    public async Task Says_when_there_is_no_such_revision(string revision)
    {
        var result = await FetchAsync(revision);

        result.ExitCode.ShouldBe(1);
        _folder.Termination.ShouldBe($"revision {revision} is no branch, tag or commit of file://{_folder.PathOf("repository")}");
    }

    [Fact]
    public async Task Says_when_there_is_no_such_repository()
    {
        var result = await RunAsync(("SLIPWAY_GIT_URL", $"file://{_folder.PathOf("nowhere")}"));

        result.ExitCode.ShouldBe(1);
        _folder.Termination.ShouldStartWith($"cannot fetch file://{_folder.PathOf("nowhere")}: ");
    }

    [Fact]
    public async Task Finds_the_folder_and_says_when_it_is_not_there()
    {
        (await FetchAsync("v1", "apps/shop")).ExitCode.ShouldBe(0);
        (await FetchAsync("v1", "apps/none")).ExitCode.ShouldBe(1);
        _folder.Termination.ShouldBe($"the source has no folder apps/none (path, at commit {_first})");
    }

    [Fact]
    public async Task Does_not_follow_a_link_out_of_the_source()
    {
        (await FetchAsync("trunk", "outside")).ExitCode.ShouldBe(1);

        _folder.Termination.ShouldContain("leads out of the source");
    }

    [Theory]
    [InlineData("ext::sh -c 'echo x >pwned'")]
    [InlineData("--upload-pack=echo>pwned")]
    public async Task Runs_no_program_that_a_URL_names(string url)
    {
        var result = await RunAsync(("SLIPWAY_GIT_URL", url), ("GIT_ALLOW_PROTOCOL", ""));

        result.ExitCode.ShouldBe(1, result.Output);
        Directory.GetFiles(_folder.PathOf(""), "pwned", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task Words_of_the_user_are_words_and_nothing_else()
    {
        const string Words = "$(touch${IFS}pwned)`touch${IFS}pwned`;touch${IFS}pwned";

        var result = await FetchAsync(Words);

        (result.ExitCode, _folder.Termination).ShouldBe((1, $"revision {Words} is no branch, tag or commit of file://{_folder.PathOf("repository")}"));
        Directory.GetFiles(_folder.PathOf(""), "pwned", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_login_is_for_the_host_of_the_URL_alone_and_is_written_nowhere()
    {
        _folder.Write("secret/username", "jane");
        _folder.Write("secret/password", "hunter2");
        await RunAsync(("SLIPWAY_GIT_URL", "https://jane@git.example:8443/shop.git"), ("SLIPWAY_GIT_CREDENTIALS", _folder.PathOf("secret")));

        (await FillAsync("git.example:8443")).ShouldContain("password=hunter2");
        (await FillAsync("elsewhere.example")).ShouldNotContain("hunter2");
        Directory.GetFiles(_folder.PathOf("workspace"), "*", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("hunter2", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_token_needs_no_user()
    {
        _folder.Write("secret/token", "t0ken\n");
        await RunAsync(("SLIPWAY_GIT_URL", "https://git.example/shop.git"), ("SLIPWAY_GIT_CREDENTIALS", _folder.PathOf("secret")));

        var filled = await FillAsync("git.example");

        filled.ShouldContain("username=git");
        filled.ShouldContain("password=t0ken");
    }

    [Fact]
    public async Task A_key_is_used_with_known_hosts_only_and_does_not_stay()
    {
        _folder.Program("ssh", """printf '%s\n' "$*" >"$SLIPWAY_PRIVATE/arguments"; cat "$2" >"$SLIPWAY_PRIVATE/key-seen"; stat -c %a "$2" >"$SLIPWAY_PRIVATE/mode"; exit 255""");
        _folder.Write("secret/ssh-privatekey", "PRIVATE");
        (string, string)[] environment =
        [
            ("SLIPWAY_GIT_URL", "ssh://git@git.example/shop.git"), ("SLIPWAY_GIT_CREDENTIALS", _folder.PathOf("secret")), ("GIT_ALLOW_PROTOCOL", "ssh"),
        ];

        await RunAsync(environment);
        var unknown = _folder.Termination;
        _folder.Write("secret/known_hosts", "git.example ssh-ed25519 AAAA");
        await RunAsync(environment);

        if (!File.Exists("/etc/ssh/ssh_known_hosts"))
        {
            unknown.ShouldContain("has no known_hosts");
        }

        (_folder.Read("key-seen"), _folder.Read("mode")).ShouldBe(("PRIVATE\n", "600\n"), "ssh wants a whole last line, and a key of one's own");
        _folder.Read("arguments").ShouldNotBeNull().ShouldContain($"StrictHostKeyChecking=yes -o UserKnownHostsFile={_folder.PathOf("secret/known_hosts")}");
        Directory.GetFiles(_folder.PathOf(""), "key.*").ShouldBeEmpty();
    }

    [Fact]
    public async Task Says_when_the_Secret_has_no_login()
    {
        _folder.Write("secret/passwort", "x");
        await RunAsync(("SLIPWAY_GIT_URL", "https://git.example/shop.git"), ("SLIPWAY_GIT_CREDENTIALS", _folder.PathOf("secret")));

        _folder.Termination.ShouldBe("the Secret has none of token, password and ssh-privatekey");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    private async Task<string> CommitAsync(string message)
    {
        await _folder.GitAsync("repository", "add", "--all");
        await _folder.GitAsync("repository", "commit", "--quiet", "--message", message);
        return await _folder.GitAsync("repository", "rev-parse", "HEAD");
    }

    private Task<CommandResult> FetchAsync(string revision = "", string path = "") => RunAsync(
        ("SLIPWAY_GIT_URL", $"file://{_folder.PathOf("repository")}"), ("SLIPWAY_GIT_REVISION", revision), ("SLIPWAY_PATH", path));

    private Task<CommandResult> RunAsync(params IReadOnlyList<(string, string)> environment) => _folder.RunAsync(BuildScripts.SourceGit, environment);

    /// <summary>What git would log in with, as the script configured it.</summary>
    private async Task<string> FillAsync(string host)
    {
        var result = await Command.RunAsync(
            "git", ["credential", "fill"], $"protocol=https\nhost={host}\n\n",
            new Dictionary<string, string>
            {
                ["HOME"] = _folder.PathOf("workspace/home"),
                ["GIT_TERMINAL_PROMPT"] = "0",
                ["GIT_ASKPASS"] = "false",
                ["GIT_CONFIG_NOSYSTEM"] = "1",
                ["SLIPWAY_GIT_CREDENTIALS"] = _folder.PathOf("secret"),
            });
        return result.Output;
    }
}
