namespace Slipway.Operator.Builds;

/// <summary>The shell scripts of a build, as they are by default: texts that this program carries.</summary>
public static class BuildScripts
{
    public static string SourceGit { get; } = Read("source-git");

    public static string SourceOci { get; } = Read("source-oci");

    public static string SourceArchive { get; } = Read("source-archive");

    public static string Build { get; } = Read("build");

    public static string Push { get; } = Read("push");

    private static string Read(string name) => Text("common") + "\n" + Text(name);

    private static string Text(string name)
    {
        using var reader = new StreamReader(typeof(BuildScripts).Assembly.GetManifestResourceStream($"{name}.sh")!);
        return reader.ReadToEnd();
    }
}
