using Shouldly;
using Slipway.DemoData.Tests.Chain;
using Xunit;

namespace Slipway.DemoData.Tests.Catalog;

/// <summary>What outside of the schema would be lost with it is named, and nothing is changed.</summary>
public sealed class DependentTests : ChainScene
{
    private const string Migrations =
        """
        CREATE TYPE mood AS ENUM ('glad'); CREATE TABLE pets (id int PRIMARY KEY); CREATE SEQUENCE orders; CREATE TABLE visits (id int) PARTITION BY LIST (id);
        CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE CAST (varchar AS mood) WITH INOUT AS IMPLICIT
        """;

    [Theory]
    [InlineData("CREATE VIEW reporting.revenue AS SELECT id FROM pets", "view reporting.revenue")]
    [InlineData("CREATE MATERIALIZED VIEW reporting.revenue AS SELECT id FROM pets", "materialized view reporting.revenue")]
    [InlineData("CREATE TABLE reporting.t (pet int REFERENCES pets)", "constraint t_pet_fkey on table reporting.t")]
    [InlineData("CREATE TABLE reporting.t (id int DEFAULT nextval('orders'))", "default value for column id of table reporting.t")]
    [InlineData("CREATE TABLE reporting.t (m mood)", "column m of table reporting.t")]
    [InlineData("CREATE TABLE reporting.t (m mood[])", "column m of table reporting.t")]
    [InlineData("CREATE TABLE reporting.heir () INHERITS (pets)", "table reporting.heir")]
    [InlineData("CREATE TABLE reporting.part PARTITION OF visits DEFAULT", "table reporting.part")]
    [InlineData("CREATE TABLE reporting.t (id int); CREATE TRIGGER t BEFORE INSERT ON reporting.t FOR EACH ROW EXECUTE FUNCTION note()", "trigger t on table reporting.t")]
    [InlineData("CREATE FUNCTION reporting.f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM pets; END", "function reporting.f()")]
    [InlineData("CREATE FUNCTION reporting.f(mood) RETURNS int LANGUAGE sql AS 'SELECT 1'", "function reporting.f(public.mood)")]
    [InlineData("CREATE TYPE reporting.pair AS (a mood); CREATE CAST (mood AS reporting.pair) WITH INOUT", "cast from public.mood to reporting.pair")]
    [InlineData("CREATE PUBLICATION news FOR TABLE pets", "publication of table public.pets in publication news")]
    public async Task Is_refused_with_its_name(string outside, string name)
    {
        await ResetAsync(Migrations, "INSERT INTO pets VALUES (1)");
        await using (var connection = await OpenAsync())
        {
            await TestData.RunAsync(connection, "outside.sql", $"CREATE SCHEMA reporting; {outside}");
        }

        var error = await Should.ThrowAsync<DemoDataException>(() => ResetAsync($"{Migrations}; CREATE TABLE more (id int)"));

        error.Fault.ShouldBe(DemoDataFault.CannotReplace);
        error.Message.ShouldContain(name);
        (await ReadAsync("SELECT id FROM pets")).ShouldBe(["1"]);
        if (!outside.Contains("INHERITS", StringComparison.Ordinal) && !outside.Contains("PARTITION", StringComparison.Ordinal))
        {
            await ResetAsync(Migrations, "INSERT INTO pets VALUES (2)");
            FoundUnchanged.ShouldBeTrue(Log.Text);
            (await ReadAsync("SELECT id FROM pets")).ShouldBe(["2"]);
        }
    }

    [Theory]
    [InlineData("CREATE PUBLICATION news FOR ALL TABLES")]
    [InlineData("CREATE PUBLICATION news FOR TABLES IN SCHEMA public")]
    [InlineData("CREATE FUNCTION reporting.f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM public.pets'")]
    public async Task What_only_means_the_name_stays(string outside)
    {
        await ResetAsync(Migrations);
        await RunAsync($"CREATE SCHEMA reporting; {outside}");
        await ResetAsync($"{Migrations}; CREATE TABLE more (id int)");

        Log.Of("swap").Count.ShouldBe(2, Log.Text);
    }

    [Theory]
    [InlineData("", "violates foreign key constraint")]
    [InlineData("ON DELETE CASCADE", "table reporting.t refers to them")]
    [InlineData("ON DELETE SET NULL", "table reporting.t refers to them")]
    public async Task Rows_outside_that_refer_to_ours_are_left_alone(string action, string reason)
    {
        await ResetAsync(Migrations, "INSERT INTO pets VALUES (1)");
        await RunAsync($"CREATE SCHEMA reporting; CREATE TABLE reporting.t (pet int REFERENCES pets {action}); INSERT INTO reporting.t VALUES (1)");
        var error = await Should.ThrowAsync<DemoDataException>(() => ResetAsync(Migrations, "INSERT INTO pets VALUES (1)"));

        error.Fault.ShouldBe(DemoDataFault.CannotReplace);
        error.Message.ShouldContain(reason);
        (await ReadAsync("SELECT pet FROM reporting.t")).ShouldBe(["1"]);
    }
}
