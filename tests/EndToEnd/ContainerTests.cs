using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Xunit;

namespace Slipway.EndToEnd;

/// <summary>What the operator's container has and can do, seen from its node.</summary>
[Collection(NodeCollection.Name)]
public sealed class ContainerTests(NodeCluster cluster)
{
    /// <summary>What a runtime gives to every container: memory and message queues, which end with the pod, and the kubelet's file for last words.</summary>
    private static readonly string[] OfTheRuntime = ["/dev/mqueue", "/dev/shm", "/dev/termination-log"];

    private static readonly EnumerationOptions All = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    private static readonly string[] Shells = ["ash", "bash", "busybox", "dash", "ksh", "sh", "zsh", "apt", "dpkg", "perl", "python3"];

    [Fact]
    public async Task The_process_is_not_root_has_no_capabilities_and_can_get_none()
    {
        var process = ContainerProcess.Of((await PodsAsync())[0]);

        process.Status("Uid").ShouldBe("65532 65532 65532 65532");
        process.Status("Gid").ShouldBe("65532 65532 65532 65532");
        foreach (var set in (string[])["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"])
        {
            process.Status(set).ShouldBe("0000000000000000", set);
        }

        process.Status("NoNewPrivs").ShouldBe("1");
        process.Status("Seccomp").ShouldBe("2", "a filter");
    }

    [Fact]
    public async Task There_is_no_place_to_write_to_but_what_a_runtime_gives_to_every_container()
    {
        foreach (var pod in await PodsAsync())
        {
            var process = ContainerProcess.Of(pod);
            process.HasWritableRoot.ShouldBeFalse();
            (await process.PlacesToWriteAsync()).ShouldBe(OfTheRuntime, ignoreOrder: true);
        }
    }

    [Theory]
    [InlineData("24 30 0:26 / /dev/shm rw,nosuid - tmpfs shm rw,size=65536k", new[] { "/dev/shm" })]
    [InlineData("24 30 0:26 / / ro,relatime - overlay overlay rw,lowerdir=/a", new string[0])]
    [InlineData("24 30 0:26 / /cache rw,relatime shared:3 - ext4 /dev/vda ro,discard", new string[0])]
    [InlineData("24 30 0:26 / /cache rw,relatime shared:3 - ext4 /dev/vda rw,discard", new[] { "/cache" })]
    public void A_mount_can_be_written_when_both_it_and_its_file_system_can(string line, string[] expected) =>
        ContainerProcess.WritableMounts($"{line}\n").ShouldBe(expected);

    [Fact]
    public async Task There_is_neither_shell_nor_package_manager_nor_a_program_of_somebody_elses_rights()
    {
        var pod = (await PodsAsync())[0];
        var root = ContainerProcess.Of(pod).Root;
        var files = new[] { "bin", "lib", "opt", "sbin", "usr" }.Select(folder => new DirectoryInfo($"{root}/{folder}"))
            .Where(folder => folder.Exists)
            .SelectMany(folder => folder.EnumerateFiles("*", All))
            .ToList();

        files.ShouldContain(file => file.Name == "slipway");
        files.Where(file => Shells.Contains(file.Name)).ShouldBeEmpty();
        files.Where(file => (file.UnixFileMode & (UnixFileMode.SetUser | UnixFileMode.SetGroup)) != 0).ShouldBeEmpty();

        var exec = await cluster.Kubectl.Try(
            "exec", "--namespace", OperatorInstallation.Namespace, pod.Text("metadata.name")!, "--", "sh", "-c", "true");
        exec.ExitCode.ShouldNotBe(0);
        exec.Output.ShouldContain("executable file not found");
    }

    [Fact]
    public async Task Secrets_are_nowhere_but_in_Secrets()
    {
        var slipway = await cluster.OperatorAsync();
        var secrets = await cluster.Server.ListAsync($"/api/v1/namespaces/{OperatorInstallation.Namespace}/secrets");
        var values = secrets
            .Where(secret => secret.Text("metadata.name") is "slipway-database" or "slipway-env-keys")
            .SelectMany(secret => secret["data"]!.AsObject().Select(entry => Convert.FromBase64String((string)entry.Value!)))
            .Select(bytes => Encoding.UTF8.GetString(bytes).Trim())
            .ToList();
        values.Count.ShouldBe(2);

        var others = await cluster.Kubectl.Run(
            "get", "deployments.apps,replicasets,pods,configmaps,events,leases", "--namespace", OperatorInstallation.Namespace, "--output", "json");
        var said = await slipway.TellAsync();
        foreach (var word in values.SelectMany(Secret))
        {
            others.Contains(word, StringComparison.Ordinal).ShouldBeFalse("an object shows a secret");
            slipway.Manifests.Contains(word, StringComparison.Ordinal).ShouldBeFalse("the manifests show a secret");
            said.Contains(word, StringComparison.Ordinal).ShouldBeFalse("the log shows a secret");
        }
    }

    private async Task<IReadOnlyList<JsonNode>> PodsAsync() => await (await cluster.OperatorAsync()).SeeAllReadyAsync();

    /// <summary>The part that nobody else may know: of an address the password, of keys what is behind their names.</summary>
    private static IEnumerable<string> Secret(string value) => value.Contains("://", StringComparison.Ordinal)
        ? [value, new Uri(value).UserInfo.Split(':')[1]]
        : value.Split('\n').Select(line => line.Split(':')[1]);
}
