using Npgsql;
using Slipway.DemoData;
using Slipway.DemoData.Chain;
using Slipway.DemoData.PetGrooming;
using Slipway.DemoData.Scripts;
using Slipway.Ledger;

namespace Slipway.Operator.DemoData;

/// <summary>What <c>reset-demo-data</c> and <c>seed-demo-data</c> are told.</summary>
internal sealed class DemoDataOptions
{
    private const string AddressHelp =
        "Address of the demo database: postgres://user:password@host:port/database, or Npgsql's Host=...;Database=...";

    private static readonly OptionSpec MigrationsSpec = new(
        "--migrations", "DEMO_MIGRATIONS", null, "Folder with your migrations, *.sql in the order of their names. Default: those of the built-in data set");

    private static readonly IReadOnlyList<OptionSpec> Common =
    [
        new("--database", "DATABASE_URL", null, AddressHelp),
        new("--profile", "SEED_PROFILE", "dev", $"Which built-in data set: {string.Join(", ", DemoProfiles.Names)}"),
        new("--scale", "SEED_SCALE", "1", $"Multiplies the counts of the built-in data set; up to {PetGroomingData.GreatestScale}"),
        new("--data", "SEED_DATA", null, "Folder with your data set, *.sql and *.csv in the order of their names, in place of the built-in one"),
        new("--admin-email", "SEED_ADMIN_EMAIL", null, "E-mail address of the administrator, who is there after every reset"),
        new("--schema", "DEMO_SCHEMA", "public", "The schema that is made new"),
        new("--wait-for-database", "DEMO_WAIT_FOR_DATABASE", "1m", "How long a database that is away or starting is waited for"),
        new("--wait-for-lock", "DEMO_WAIT_FOR_LOCK", "10m", "How long somebody else may take who makes the database new"),
        new("--wait-for-tables", "DEMO_WAIT_FOR_TABLES", "5m", "How long somebody may keep tables in use that are to be locked"),
        .. LeaseMutexOptions.Specs,
    ];

    /// <summary>Options of <c>slipway seed-demo-data</c>.</summary>
    public static IReadOnlyList<OptionSpec> Seed => Common;

    /// <summary>Options of <c>slipway reset-demo-data</c>.</summary>
    public static IReadOnlyList<OptionSpec> Reset { get; } = [Common[0], MigrationsSpec, .. Common.Skip(1)];

    public required NpgsqlConnectionStringBuilder Address { get; init; }

    public required DemoOptions Chain { get; init; }

    public required IMigrations Migrations { get; init; }

    public required IDataSet Data { get; init; }

    /// <exception cref="InvalidOptionException">An option is missing or wrong.</exception>
    /// <exception cref="DemoDataException">A folder cannot be used.</exception>
    public static DemoDataOptions Read(OptionValues values, string command)
    {
        var (migrations, data) = command.StartsWith("reset", StringComparison.Ordinal) ? FoldersOf(values) : (null, values.Optional("--data"));
        return new DemoDataOptions
        {
            Address = AddressOf(values, command),
            Migrations = migrations is null ? new Migrations("built-in migrations", [.. PetGroomingMigrations.Files.Select(file => ScriptSource.Of(file.FileName, file.Sql))]) : new MigrationFolder(migrations),
            Data = DataOf(values, data),
            Chain = new DemoOptions
            {
                Schema = values.Required("--schema"),
                WaitForDatabase = OperatorOptions.DurationOf(values, "--wait-for-database"),
                WaitForLock = OperatorOptions.DurationOf(values, "--wait-for-lock"),
                WaitForTables = OperatorOptions.DurationOf(values, "--wait-for-tables"),
                Identity = $"{command} on {Environment.MachineName}_{Guid.NewGuid():N}",
            },
        };
    }

    /// <summary>Where the database is, as both commands and <c>allow-reset</c> are told.</summary>
    public static NpgsqlConnectionStringBuilder AddressOf(OptionValues values, string command)
    {
        var text = values.Optional("--database") ?? throw new InvalidOptionException(
            "--database (or DATABASE_URL) is missing: give the demo database's address, for example postgres://user:password@host:5432/demo");
        var settings = new NpgsqlConnectionStringBuilder { ApplicationName = $"slipway {command} on {Environment.MachineName}", Timeout = 10 };
        try
        {
            DatabaseAddress.Read(text, settings);
            return settings;
        }
        catch (ArgumentException error)
        {
            throw new InvalidOptionException($"{values.Name("--database")}: {error.Message}");
        }
    }

    /// <summary>One's own data do not fit into the built-in tables, nor the built-in data into one's own.</summary>
    private static (string? Migrations, string? Data) FoldersOf(OptionValues values)
    {
        var (migrations, data) = (values.Optional("--migrations"), values.Optional("--data"));
        return (migrations is null) == (data is null)
            ? (migrations, data)
            : throw new InvalidOptionException(
                migrations is null
                    ? $"{values.Name("--data")} {data} needs --migrations too: the built-in migrations would replace your schema by that of the built-in data set"
                    : $"{values.Name("--migrations")} {migrations} needs --data too: the built-in data set does not fit into the tables of other migrations");
    }

    private static IDataSet DataOf(OptionValues values, string? folder)
    {
        var email = values.Optional("--admin-email");
        if (folder is not null)
        {
            return new DataFolder(folder, email);
        }

        var name = values.Required("--profile");
        return DemoProfiles.TryParse(name, out var profile)
            ? new PetGroomingData(profile, OperatorOptions.NumberOf(values, "--scale", 1, PetGroomingData.GreatestScale), email)
            : throw new InvalidOptionException($"{values.Name("--profile")} \"{name}\" is not one of {string.Join(", ", DemoProfiles.Names)}");
    }
}
