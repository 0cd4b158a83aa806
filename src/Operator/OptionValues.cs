namespace Slipway.Operator;

/// <summary>One option of a command: a flag, the environment variable that stands in for it, and its default.</summary>
/// <param name="Flag">Flag, for example <c>--workers</c>.</param>
/// <param name="Variable">Environment variable.</param>
/// <param name="Default">Text that counts when neither is given; null for none.</param>
/// <param name="Help">What the option does, for the help text.</param>
public sealed record OptionSpec(string Flag, string Variable, string? Default, string Help);

/// <summary>What the user gave for a command's options: flags first, then the environment, then defaults.</summary>
public sealed class OptionValues(IReadOnlyList<OptionSpec> specs, Func<string, string?> flags, Func<string, string?> environment)
{
    public string? Optional(string flag)
    {
        var spec = Spec(flag);
        return flags(flag) ?? Given(environment(spec.Variable)) ?? spec.Default;
    }

    public string Required(string flag) =>
        Optional(flag) ?? throw new InvalidOptionException($"{flag} (or {Spec(flag).Variable}) is missing");

    /// <summary>The option as the user knows it: the flag, or the variable that the value came from.</summary>
    public string Name(string flag) => flags(flag) is null && Given(environment(Spec(flag).Variable)) is not null ? Spec(flag).Variable : flag;

    private static string? Given(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private OptionSpec Spec(string flag) => specs.Single(spec => spec.Flag == flag);
}
