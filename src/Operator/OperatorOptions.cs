using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Slipway.Ledger;
using Slipway.Ledger.Env;
using Slipway.Operator.Builds;
using Slipway.Retry;

namespace Slipway.Operator;

/// <summary>An option that cannot be used. The message names the flag, the value and the remedy.</summary>
public sealed class InvalidOptionException(string message) : Exception(message);

/// <summary>How the operator runs. Flags win over the environment; everything is validated before anything starts.</summary>
public sealed partial record OperatorOptions
{
    public required string Database { get; init; }

    public string? Kubeconfig { get; init; }

    public string? Context { get; init; }

    public required IPEndPoint ProbeAddress { get; init; }

    public required int Workers { get; init; }

    public required string LogLevel { get; init; }

    public required bool LogAsJson { get; init; }

    public required IReadOnlySet<string> InsecureRegistries { get; init; }

    public required ConflictRetryOptions ConflictRetry { get; init; }

    public required TimeSpan DrainTimeout { get; init; }

    /// <summary>How images are built.</summary>
    public required BuildOptions Builds { get; init; }

    /// <summary>For how long the object of a stack must be gone without a teardown before the ledger ends the stack.</summary>
    public required TimeSpan VanishedAfter { get; init; }

    /// <summary>How long ago a release must have ended to be archived.</summary>
    public required TimeSpan ArchiveAfter { get; init; }

    /// <summary>File with the keys that variables are encrypted with; null: they are in a Secret, see <see cref="EnvKeySecret"/>.</summary>
    public string? EnvKeysFile { get; init; }

    /// <summary>The operator's own namespace; null: the pod's.</summary>
    public string? Home { get; init; }

    /// <summary>Null: it works without a lease.</summary>
    public required LeaderOptions? Leader { get; init; }

    /// <summary>Where it works.</summary>
    public required WatchedNamespaces Namespaces { get; init; }

    /// <exception cref="InvalidOptionException">A value is missing, or cannot be used.</exception>
    public static OperatorOptions Read(OptionValues values) => new()
    {
        Database = DatabaseOf(values),
        Kubeconfig = values.Optional("--kubeconfig"),
        Context = values.Optional("--context"),
        ProbeAddress = AddressOf(values, "--probe-address"),
        Workers = NumberOf(values, "--workers", 1, 256),
        LogLevel = OneOf(values, "--log-level", "verbose", "debug", "information", "warning", "error"),
        LogAsJson = OneOf(values, "--log-format", "text", "json") == "json",
        InsecureRegistries = InsecureOf(values),
        ConflictRetry = RetryOf(values),
        DrainTimeout = DurationOf(values, "--drain-timeout"),
        Builds = BuildOptions.Read(values, InsecureOf(values)),
        VanishedAfter = DurationOf(values, "--vanished-after"),
        ArchiveAfter = DurationOf(values, "--archive-after"),
        EnvKeysFile = EnvKeysOf(values),
        Home = values.Optional("--lease-namespace"),
        Namespaces = NamespacesOf(values),
        Leader = OneOf(values, "--leader-elect", "true", "false") == "true" ? LeaderOptions.Read(values) : null,
    };

    private static WatchedNamespaces NamespacesOf(OptionValues values)
    {
        var names = (values.Optional("--watch-namespaces") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.FirstOrDefault(name => !NamespaceName().IsMatch(name)) is { } wrong
            ? throw new InvalidOptionException($"{values.Name("--watch-namespaces")}: \"{wrong}\" is no name of a namespace; separate several by commas")
            : new WatchedNamespaces([.. names.Distinct()]);
    }

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamespaceName();

    /// <summary>A file that cannot be read now is a mistake; one that cannot be read later makes whoever needs it wait.</summary>
    internal static string? EnvKeysOf(OptionValues values)
    {
        if (values.Optional("--env-keys-file") is not { Length: > 0 } path)
        {
            return null;
        }

        try
        {
            new EnvKeyFile(path).Read();
            return path;
        }
        catch (EnvKeyUnavailableException error)
        {
            throw new InvalidOptionException($"{values.Name("--env-keys-file")}: {error.Message}");
        }
    }

    internal static string DatabaseOf(OptionValues values)
    {
        var text = values.Optional("--database") ?? throw new InvalidOptionException(
            "--database (or DATABASE_URL) is missing: give the ledger's address, for example postgres://user:password@host:5432/slipway");
        try
        {
            LedgerDataSource.Create(text).Dispose();
            return text;
        }
        catch (ArgumentException error)
        {
            throw new InvalidOptionException($"{values.Name("--database")}: {error.Message}");
        }
    }

    private static HashSet<string> InsecureOf(OptionValues values) => (values.Optional("--insecure-registries") ?? "")
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);

    private static ConflictRetryOptions RetryOf(OptionValues values)
    {
        var options = new ConflictRetryOptions
        {
            MaxRetries = NumberOf(values, "--conflict-retries", 0, 100),
            MinDelay = DurationOf(values, "--conflict-delay-min"),
            MaxDelay = DurationOf(values, "--conflict-delay-max"),
        };
        return options.MinDelay <= options.MaxDelay
            ? options
            : throw new InvalidOptionException(
                $"{values.Name("--conflict-delay-min")} {values.Required("--conflict-delay-min")} is longer than "
                + $"{values.Name("--conflict-delay-max")} {values.Required("--conflict-delay-max")}: make the least delay the shorter one");
    }

    private static IPEndPoint AddressOf(OptionValues values, string flag)
    {
        var text = values.Required(flag);
        return IPEndPoint.TryParse(text, out var address) && text.Contains(':')
            ? address
            : throw new InvalidOptionException($"{values.Name(flag)} \"{text}\" is no address: write it as 0.0.0.0:8081 or [::]:8081");
    }

    internal static int NumberOf(OptionValues values, string flag, int least, int most)
    {
        var text = values.Required(flag);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new InvalidOptionException($"{values.Name(flag)} \"{text}\" is not a number from {least} to {most}");
    }

    internal static string OneOf(OptionValues values, string flag, params string[] allowed)
    {
        var text = values.Required(flag).ToLowerInvariant();
        return allowed.Contains(text)
            ? text
            : throw new InvalidOptionException($"{values.Name(flag)} \"{text}\" is not one of {string.Join(", ", allowed)}");
    }

    internal static TimeSpan DurationOf(OptionValues values, string flag)
    {
        var text = values.Required(flag);
        return Duration.TryParse(text, out var duration)
            ? duration
            : throw new InvalidOptionException($"{values.Name(flag)} \"{text}\" is no duration: write a whole number with ms, s, m, h or d, for example 5ms or 30s");
    }
}
