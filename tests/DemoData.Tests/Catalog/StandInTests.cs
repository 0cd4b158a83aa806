using Shouldly;
using Slipway.DemoData.Tests.Chain;
using Xunit;

namespace Slipway.DemoData.Tests.Catalog;

/// <summary>Migrations make one schema, under its real name, and nothing else.</summary>
public sealed class StandInTests : ChainScene
{
    private const string Migrations = "CREATE TABLE pets (id int)";

    [Theory]
    [InlineData("CREATE TABLE other.things (id int)", "other.things")]
    [InlineData("CREATE VIEW other.things AS SELECT 1", "other.things")]
    [InlineData("CREATE SEQUENCE other.things", "other.things")]
    [InlineData("CREATE TYPE other.things AS ENUM ('a')", "other.things")]
    [InlineData("CREATE FUNCTION other.things() RETURNS int LANGUAGE sql AS 'SELECT 1'", "other.things()")]
    [InlineData("ALTER TABLE other.present ADD age int", "other.present")]
    [InlineData("CREATE SCHEMA fresh CREATE TABLE things (id int)", "fresh.things")]
    [InlineData("ALTER TABLE slipway_old_2.pets ADD age int", "changed the present schema")]
    [InlineData("DROP TABLE slipway_old_2.pets", "changed the present schema")]
    public async Task Whatever_they_do_elsewhere_is_refused(string stray, string name)
    {
        await RunAsync("CREATE SCHEMA other; CREATE TABLE other.present (id int)");
        await ResetAsync(Migrations, "INSERT INTO pets VALUES (1)");
        var error = await Should.ThrowAsync<DemoDataException>(() => ResetAsync($"{Migrations}; {stray}"));

        error.Fault.ShouldBe(DemoDataFault.BrokenMigration);
        error.Message.ShouldContain(name);
        (await ReadAsync("SELECT id FROM pets")).ShouldBe(["1"]);
        (await ReadAsync("SELECT nspname FROM pg_namespace WHERE nspname IN ('fresh') OR nspname ~ '^slipway_' ORDER BY 1")).ShouldBe(["slipway_demo"]);
    }

    [Fact]
    public async Task Something_outside_that_they_need_and_cannot_have_is_no_fault_of_theirs()
    {
        await RunAsync("CREATE SCHEMA auth; CREATE TABLE auth.users (id int PRIMARY KEY)");
        const string migrations = "CREATE TABLE pets (owner int REFERENCES auth.users)";
        await using var other = await OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await RunAsync(other, "INSERT INTO auth.users VALUES (1)");

        (await Should.ThrowAsync<DemoDataException>(() => ResetAsync(migrations))).Fault.ShouldBe(DemoDataFault.TablesInUse);
    }

    [Fact]
    public async Task Names_with_the_schema_and_without_lead_to_the_new_one()
    {
        const string migrations = "CREATE TABLE public.pets (id int); CREATE VIEW v AS SELECT * FROM public.pets; INSERT INTO pets VALUES (1); CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM public.pets'";
        await ResetAsync(migrations, "INSERT INTO public.pets SELECT 10 + f()");
        await ResetAsync(migrations, "INSERT INTO pets SELECT 10 + f()");

        FoundUnchanged.ShouldBeTrue(Log.Text);
        (await ReadAsync("SELECT id FROM v ORDER BY 1")).ShouldBe(["1", "11"]);
    }

    [Fact]
    public async Task A_schema_that_is_not_there_is_made()
    {
        Options = Options with { Schema = "Fresh one" };
        await ResetAsync(Migrations, "INSERT INTO \"Fresh one\".pets VALUES (1)");

        (await ReadAsync("SELECT id FROM \"Fresh one\".pets")).ShouldBe(["1"]);
    }
}
