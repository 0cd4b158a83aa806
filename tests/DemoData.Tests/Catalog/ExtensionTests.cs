using Shouldly;
using Xunit;

namespace Slipway.DemoData.Tests.Catalog;

/// <summary>Extensions belong to the whole database: they stay, and both the old tables and the new ones use them.</summary>
public sealed class ExtensionTests : RoleScene
{
    private const string Kind = "SELECT format_type(atttypid, NULL) || ' ' || (SELECT count(*) FROM pets WHERE name = 'REX') FROM pg_attribute WHERE attrelid = 'pets'::regclass AND attname = 'name'";

    [Theory]
    [InlineData("CREATE EXTENSION citext; CREATE TABLE pets (name public.citext UNIQUE)")]
    [InlineData("CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public; CREATE TABLE public.pets (name citext UNIQUE)")]
    public async Task A_type_of_one_is_used_on_and_on(string migrations)
    {
        await ResetAsync(migrations, "INSERT INTO pets VALUES ('Rex')");
        await ResetAsync(migrations, "INSERT INTO pets VALUES ('Rex')");
        FoundUnchanged.ShouldBeTrue(Log.Text);
        await ResetAsync($"{migrations}; CREATE FUNCTION f(public.citext) RETURNS int LANGUAGE sql AS 'SELECT 1'", "INSERT INTO pets VALUES ('Rex')");

        Log.Of("swap").Count.ShouldBe(2, Log.Text);
        (await ReadAsync(Kind)).ShouldBe(["citext 1"]);
        (await ReadAsync("SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'citext'")).ShouldBe(["public"]);
        await ResetAsync($"{migrations}; CREATE FUNCTION f(public.citext) RETURNS int LANGUAGE sql AS 'SELECT 1'", "INSERT INTO pets VALUES ('Rex')");
        FoundUnchanged.ShouldBeTrue(Log.Text);
    }

    [Fact]
    public async Task An_owner_who_may_not_move_it_uses_it_without_its_schema()
    {
        const string migrations = "CREATE EXTENSION IF NOT EXISTS citext; CREATE TABLE pets (name citext UNIQUE DEFAULT 'a'::citext)";
        await RunAsync("CREATE EXTENSION citext");
        await ResetAsync(migrations, "INSERT INTO pets VALUES ('Rex')", Owner);
        await ResetAsync(migrations, "INSERT INTO pets VALUES ('Rex')", Owner);
        FoundUnchanged.ShouldBeTrue(Log.Text);
        await ResetAsync($"{migrations}; CREATE TABLE more (name citext)", "INSERT INTO pets VALUES ('Rex')", Owner);

        (await ReadAsync(Kind)).ShouldBe(["citext 1"]);
        await ResetAsync($"{migrations}; CREATE TABLE more (name citext)", "INSERT INTO pets VALUES ('Rex')", Owner);
        FoundUnchanged.ShouldBeTrue(Log.Text);
    }

    [Fact]
    public async Task With_its_schema_he_is_told_how()
    {
        await RunAsync("CREATE EXTENSION citext");
        var error = await Should.ThrowAsync<DemoDataException>(() => ResetAsync("CREATE TABLE pets (name public.citext)", role: Owner));

        error.Fault.ShouldBe(DemoDataFault.BrokenMigration);
        error.Message.ShouldContain("What extension citext provides is not found under the name of schema public");
    }

    [Fact]
    public async Task One_that_later_migrations_want_is_made_where_it_stays()
    {
        await ResetAsync("CREATE TABLE pets (name text)");
        await ResetAsync("CREATE EXTENSION earthdistance CASCADE; CREATE EXTENSION hstore; CREATE TABLE pets (name text, at earth, more hstore)", "INSERT INTO pets VALUES ('Rex', ll_to_earth(1, 2), 'a=>1')");

        Log.Of("extend").Single().ShouldStartWith("created cube, earthdistance, hstore in schema public");
        (await ReadAsync("SELECT string_agg(extname, ' ' ORDER BY extname) FROM pg_extension WHERE extnamespace = 'public'::regnamespace")).ShouldBe(["cube earthdistance hstore"]);
        (await ReadAsync("SELECT name FROM pets")).ShouldBe(["Rex"]);
    }

    [Fact]
    public async Task One_that_lies_elsewhere_stays_there()
    {
        await RunAsync("CREATE SCHEMA extensions");
        const string migrations = "CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA extensions; CREATE EXTENSION IF NOT EXISTS tablefunc SCHEMA extensions; CREATE TABLE pets (name extensions.citext)";
        await ResetAsync(migrations, "INSERT INTO pets VALUES ('Rex')");
        await ResetAsync(migrations, "INSERT INTO pets VALUES ('Rex')");

        FoundUnchanged.ShouldBeTrue(Log.Text);
    }

    [Fact]
    public async Task Who_reads_a_view_of_one_is_in_nobodys_way()
    {
        await RunAsync("CREATE EXTENSION pg_stat_statements");
        await ResetAsync("CREATE TABLE pets (name text)");
        await using var reader = await OpenAsync();
        await using var transaction = await reader.BeginTransactionAsync();
        await ReadAsync(reader, "SELECT count(*) FROM pg_stat_statements");
        await ResetAsync("CREATE TABLE pets (name text)", "INSERT INTO pets VALUES ('Rex')");

        (await ReadAsync("SELECT name FROM pets")).ShouldBe(["Rex"]);
    }
}
