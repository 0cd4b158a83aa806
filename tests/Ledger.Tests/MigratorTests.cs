using Npgsql;
using Shouldly;
using Slipway.Testing;
using Xunit;

namespace Slipway.Ledger.Tests;

public sealed class MigratorTests : IAsyncLifetime
{
    private static readonly Migration One = Migration.Parse("0001_one.sql", "-- works-with: 1\nCREATE TABLE slipway.one (id int);");
    private static readonly Migration Two = Migration.Parse("0002_two.sql", "-- works-with: 1\nCREATE TABLE slipway.two (id int);");
    private static readonly Migration Three = Migration.Parse("0003_three.sql", "-- works-with: 3\nDROP TABLE slipway.one;");

    private PostgresDatabase _database = null!;
    private NpgsqlDataSource _dataSource = null!;

    public async Task InitializeAsync()
    {
        _database = await PostgresDatabase.CreateAsync();
        _dataSource = LedgerDataSource.Create($"{_database.ConnectionString};Timeout=60;Command Timeout=120");
    }

    public async Task DisposeAsync()
    {
        await _dataSource.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Applies_what_it_carries_once()
    {
        var migrator = new Migrator(_dataSource, TimeProvider.System);
        var first = await migrator.MigrateAsync(default);
        var second = await migrator.MigrateAsync(default);

        var carried = Migration.Embedded;
        (first.Version, second.Version).ShouldBe((carried[^1].Version, carried[^1].Version));
        first.Applied.ShouldBe(carried.Select(migration => migration.Name));
        second.Applied.ShouldBeEmpty();
        await Scene.LedgerOf(_dataSource, TimeProvider.System).RegisterStackAsync(Scene.Registration("shop"), default);
    }

    [Fact]
    public async Task Many_may_start_at_once()
    {
        await using var elsewhere = LedgerDataSource.Create($"{_database.ConnectionString};Timeout=60;Command Timeout=120");
        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => Task.Run(
            () => new Migrator(number % 2 == 0 ? _dataSource : elsewhere, TimeProvider.System, [One, Two]).MigrateAsync(default))));

        results.ShouldAllBe(result => result.Version == 2);
        results.SelectMany(result => result.Applied).Order().ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task A_file_that_fails_leaves_nothing_and_those_before_it_stand()
    {
        var broken = Migration.Parse("0002_broken.sql", "-- works-with: 1\nCREATE TABLE slipway.half (id int); SELECT no_such_function();");
        await Should.ThrowAsync<PostgresException>(() => Migrator(One, broken).MigrateAsync(default));

        (await ExistsAsync("slipway.one")).ShouldBeTrue();
        (await ExistsAsync("slipway.half")).ShouldBeFalse();
        (await Migrator(One, Two).MigrateAsync(default)).Applied.ShouldBe(["two"]);
    }

    [Fact]
    public async Task An_operator_of_the_version_before_works_on_the_next_schema()
    {
        await Migrator(One, Two).MigrateAsync(default);
        var older = await Migrator(One).MigrateAsync(default);
        older.Version.ShouldBe(2);
        older.Applied.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_schema_that_needs_a_newer_operator_is_refused_and_says_what_to_do()
    {
        await Migrator(One, Two, Three).MigrateAsync(default);
        var error = await Should.ThrowAsync<LedgerSchemaTooNewException>(() => Migrator(One, Two).MigrateAsync(default));
        (error.FoundVersion, error.RequiredVersion, error.KnownVersion).ShouldBe((3, 3, 2));
        error.Message.ShouldContain("Upgrade slipway, or restore the database");
        LedgerFaults.IsUnavailable(error).ShouldBeFalse();
    }

    [Fact]
    public async Task A_look_at_the_schema_changes_nothing_and_refuses_what_a_migration_would()
    {
        await Migrator(One).CheckAsync(default);
        (await ExistsAsync("slipway.schema_migrations")).ShouldBeFalse();

        await Migrator(One).MigrateAsync(default);
        await Migrator(One, Two).CheckAsync(default);
        (await ExistsAsync("slipway.two")).ShouldBeFalse();
        await Should.ThrowAsync<MigrationChangedException>(
            () => Migrator(Migration.Parse("0001_one.sql", One.Sql + " -- harmless?")).CheckAsync(default));

        await Migrator(One, Two, Three).MigrateAsync(default);
        await Should.ThrowAsync<LedgerSchemaTooNewException>(() => Migrator(One, Two).CheckAsync(default));
    }

    [Fact]
    public async Task A_file_that_was_changed_after_it_was_applied_is_refused()
    {
        await Migrator(One).MigrateAsync(default);
        var changed = Migration.Parse("0001_one.sql", One.Sql + " -- harmless?");
        var error = await Should.ThrowAsync<MigrationChangedException>(() => Migrator(changed, Two).MigrateAsync(default));
        (error.Version, error.Name).ShouldBe((1, "one"));
        (await ExistsAsync("slipway.two")).ShouldBeFalse();
    }

    [Fact]
    public void A_checkout_with_other_line_ends_has_the_same_checksum() =>
        Migration.Parse("0001_one.sql", One.Sql.ReplaceLineEndings("\r\n")).ShouldSatisfyAllConditions(
            migration => migration.Checksum.ShouldBe(One.Checksum),
            migration => migration.WorksWith.ShouldBe(1));

    [Fact]
    public void Every_file_says_from_which_version_on_an_operator_works_with_it()
    {
        Should.Throw<FormatException>(() => Migration.Parse("0001_one.sql", "CREATE TABLE x ();")).Message.ShouldContain("-- works-with: N");
        Migration.Embedded.Select(migration => migration.Version).ShouldBe(Enumerable.Range(1, Migration.Embedded.Count));
        Migration.Embedded.ShouldAllBe(migration => migration.WorksWith >= 1 && migration.WorksWith <= migration.Version);
        Migration.Embedded[0].WorksWith.ShouldBe(1);
    }

    private Migrator Migrator(params Migration[] migrations) => new(_dataSource, TimeProvider.System, migrations);

    private async Task<bool> ExistsAsync(string table)
    {
        await using var command = _dataSource.CreateCommand("SELECT to_regclass($1) IS NOT NULL").With(table);
        return await command.ExecuteScalarAsync() is true;
    }
}
