namespace Slipway.Operator.Builds;

/// <summary>
/// What the containers run: a script for <c>/bin/sh</c> each. Everything that a user wrote reaches them through the environment
/// and mounted files, never as text of the script.
/// </summary>
public sealed record BuildCommands
{
    public string SourceGit { get; init; } = BuildScripts.SourceGit;

    public string SourceOci { get; init; } = BuildScripts.SourceOci;

    public string SourceArchive { get; init; } = BuildScripts.SourceArchive;

    public string Build { get; init; } = BuildScripts.Build;

    public string Push { get; init; } = BuildScripts.Push;

    internal static BuildCommands Of(BuildFileCommands file) => new()
    {
        SourceGit = file.SourceGit ?? BuildScripts.SourceGit,
        SourceOci = file.SourceOci ?? BuildScripts.SourceOci,
        SourceArchive = file.SourceArchive ?? BuildScripts.SourceArchive,
        Build = file.Build ?? BuildScripts.Build,
        Push = file.Push ?? BuildScripts.Push,
    };
}
