namespace Slipway.Kubernetes.Config;

/// <summary>Reads the <c>exec</c> member of a kubeconfig's user.</summary>
internal static class ExecPluginReader
{
    private static readonly string[] Known =
        ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

    public static ExecPlugin Read(YamlMapping exec, string context) => new()
    {
        ApiVersion = Version(exec, context),
        Command = Command(exec, context),
        Arguments = exec.Texts("args"),
        Environment = Variables(exec, context),
        InstallHint = exec.Text("installHint"),
        ProvideClusterInfo = exec.Flag("provideClusterInfo"),
        InteractiveMode = Mode(exec, context),
    };

    private static string Version(YamlMapping exec, string context) =>
        exec.Text("apiVersion") is { } version && Known.Contains(version)
            ? version
            : throw new KubeConfigException(
                $"{exec.File}: the exec plugin of context '{context}' has apiVersion '{exec.Text("apiVersion")}'; "
                + $"it must be one of {string.Join(", ", Known)}: renew the entry with a current version of the plugin.");

    /// <summary>A path with a folder in it is relative to the kubeconfig; a bare name is found on PATH.</summary>
    private static string Command(YamlMapping exec, string context) =>
        exec.Text("command") is not { } command
            ? throw new KubeConfigException($"{exec.File}: the exec plugin of context '{context}' has no command; set it.")
            : command.Contains(Path.DirectorySeparatorChar) ? exec.FilePath("command")! : command;

    private static Dictionary<string, string> Variables(YamlMapping exec, string context)
    {
        var variables = new Dictionary<string, string>();
        foreach (var variable in exec.Mappings("env"))
        {
            var name = variable.Text("name") ?? throw new KubeConfigException(
                $"{exec.File}: a variable of the exec plugin of context '{context}' has no name; give it one.");
            variables[name] = variable.Text("value") ?? "";
        }

        return variables;
    }

    private static ExecInteractiveMode Mode(YamlMapping exec, string context) => exec.Text("interactiveMode") switch
    {
        null => ExecInteractiveMode.IfAvailable,
        "Never" => ExecInteractiveMode.Never,
        "IfAvailable" => ExecInteractiveMode.IfAvailable,
        "Always" => ExecInteractiveMode.Always,
        var other => throw new KubeConfigException(
            $"{exec.File}: interactiveMode '{other}' of the exec plugin of context '{context}' must be Never, IfAvailable or Always."),
    };
}
