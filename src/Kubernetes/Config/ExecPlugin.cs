namespace Slipway.Kubernetes.Config;

/// <summary>A program that prints credentials (<c>client.authentication.k8s.io</c>), as cloud providers ship them.</summary>
public sealed class ExecPlugin
{
    public required string ApiVersion { get; init; }

    /// <summary>The program: a path, or a name looked up on PATH.</summary>
    public required string Command { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Variables in addition to our own environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What to tell a person who does not have the program.</summary>
    public string? InstallHint { get; init; }

    /// <summary>Whether the program is told which cluster it is for.</summary>
    public bool ProvideClusterInfo { get; init; }

    public ExecInteractiveMode InteractiveMode { get; init; } = ExecInteractiveMode.IfAvailable;
}

/// <summary>Whether the program may ask the person at the terminal.</summary>
public enum ExecInteractiveMode
{
    Never,
    IfAvailable,
    Always,
}
