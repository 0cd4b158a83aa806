using System.Globalization;
using System.Text.RegularExpressions;
using Shouldly;
using Slipway.Testing;
using Xunit;

namespace Slipway.Ledger.Tests;

/// <summary>
/// The schema of a release is in people's databases: its migrations never change, and those that follow leave its operator working, so
/// that a rollback by one version strands nobody.
/// </summary>
public sealed partial class FrozenSchemaTests
{
    /// <summary>Migrations that the release before does not survive, each with its reason in the changelog. An upgrade over one is no way back.</summary>
    private static readonly int[] DeliberateBreaks = [];

    private static readonly IReadOnlyList<string> Frozen =
        [.. System.IO.Directory.GetDirectories(Repository.PathOf("tests/Fixtures")).Select(folder => Path.GetFileName(folder))];

    public static TheoryData<string> Versions() => new(Frozen);

    [Theory]
    [MemberData(nameof(Versions))]
    public void What_a_release_has_applied_is_applied_by_this_one_word_for_word(string version)
    {
        var frozen = Applied(version);

        frozen.ShouldNotBeEmpty();
        Migration.Embedded.Take(frozen.Count).Select(migration => (migration.Version, migration.WorksWith, migration.Name, migration.Checksum)).ShouldBe(frozen);
    }

    [Fact]
    public void The_release_before_works_on_the_schema_of_this_one()
    {
        var known = Frozen.Max(version => Applied(version).Count);

        Stranding(Migration.Embedded, known).Except(DeliberateBreaks).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(2, new[] { 3, 4 })]
    [InlineData(3, new[] { 4 })]
    [InlineData(4, new int[0])]
    public void A_migration_that_the_release_before_does_not_survive_is_found(int known, int[] expected)
    {
        int[] worksWith = [1, 1, 3, 4];
        var migrations = worksWith.Select((needs, index) => new Migration(index + 1, "step", needs, "")).ToList();

        Stranding(migrations, known).ShouldBe(expected);
    }

    /// <summary>Those after what a release knows that its operator does not go on with.</summary>
    private static IEnumerable<int> Stranding(IReadOnlyList<Migration> migrations, int known) =>
        migrations.Skip(known).Where(migration => migration.WorksWith > known).Select(migration => migration.Version);

    private static IReadOnlyList<(int Version, int WorksWith, string Name, string Checksum)> Applied(string version) =>
    [
        .. Row().Matches(File.ReadAllText(Repository.PathOf($"tests/Fixtures/{version}/ledger.sql")))
            .Select(row => (Number(row, 1), Number(row, 2), row.Groups[3].Value, row.Groups[4].Value)).OrderBy(row => row.Item1),
    ];

    private static int Number(Match row, int group) => int.Parse(row.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"INSERT INTO slipway\.schema_migrations VALUES \((\d+), (\d+), '[^']*', '([^']*)', '([^']*)'\)")]
    private static partial Regex Row();
}
