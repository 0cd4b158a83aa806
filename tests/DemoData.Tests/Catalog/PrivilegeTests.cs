using Shouldly;
using Slipway.DemoData.Tests.Chain;
using Xunit;

namespace Slipway.DemoData.Tests.Catalog;

/// <summary>Owners and grants outlive a swap.</summary>
public sealed class PrivilegeTests : RoleScene
{
    private const string Migrations =
        """
        CREATE TYPE mood AS ENUM ('glad'); CREATE TYPE place AS (street text); CREATE DOMAIN weight AS int;
        CREATE TABLE pets (id serial PRIMARY KEY, name text, secret text, feels mood);
        CREATE TABLE visits (id int) PARTITION BY LIST (id); CREATE TABLE visits_1 PARTITION OF visits DEFAULT;
        CREATE VIEW names AS SELECT name FROM pets; CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM pets;
        CREATE SEQUENCE orders;
        CREATE FUNCTION f(a mood, b place[]) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE PROCEDURE p(a mood) LANGUAGE sql AS 'SELECT 1';
        CREATE AGGREGATE g(*) (SFUNC = int4inc, STYPE = int, INITCOND = '0'); CREATE AGGREGATE g(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
        """;

    /// <summary>Of everything, but what nobody has said anything about.</summary>
    private const string PrivilegesSql =
        """
        SELECT 'relation ' || relname || ' ' || relowner::regrole || ' ' || coalesce((SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(relacl) AS a), '-')
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind NOT IN ('i', 'I')
        UNION ALL
        SELECT 'column ' || attrelid::regclass || '.' || attname || ' ' || attacl::text FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace AND attacl IS NOT NULL
        UNION ALL
        SELECT 'routine ' || pg_proc.oid::regprocedure || ' ' || proowner::regrole || ' ' || coalesce((SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(proacl) AS a), '-') FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'type ' || typname || ' ' || typowner::regrole || ' ' || coalesce((SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(typacl) AS a), '-') FROM pg_type WHERE typnamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'schema ' || nspname || ' ' || nspowner::regrole || ' ' || coalesce(nspacl::text, '-') FROM pg_namespace WHERE nspname = 'public'
        UNION ALL
        SELECT 'default ' || defaclobjtype::text || ' ' || defaclacl::text FROM pg_default_acl
        ORDER BY 1
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Are_afterwards_what_they_were(bool asOwner)
    {
        var role = asOwner ? Owner : null;
        await ResetAsync(Migrations, role: role);
        await RunAsync($"""
            GRANT SELECT, INSERT ON pets TO {App}; GRANT UPDATE (name), SELECT (name) ON pets TO {App} WITH GRANT OPTION; GRANT SELECT ON visits_1, names, counted TO {App};
            GRANT USAGE ON SEQUENCE orders, pets_id_seq TO {App}; GRANT SELECT ON visits TO PUBLIC;
            REVOKE ALL ON FUNCTION f(mood, place[]) FROM PUBLIC; GRANT EXECUTE ON FUNCTION f(mood, place[]) TO {App}; REVOKE ALL ON FUNCTION f(int) FROM PUBLIC;
            REVOKE ALL ON PROCEDURE p(mood) FROM PUBLIC; REVOKE ALL ON FUNCTION g(), g(int) FROM PUBLIC; GRANT EXECUTE ON FUNCTION g() TO {App};
            REVOKE ALL ON TYPE mood, weight, place FROM PUBLIC; GRANT USAGE ON TYPE mood TO {App};
            """, role);
        var before = await ReadAsync(PrivilegesSql);
        await ResetAsync($"{Migrations}; CREATE TABLE more (id int)", role: role);
        FoundUnchanged.ShouldBeFalse();

        (await ReadAsync(PrivilegesSql)).Where(line => !line.Contains(" more ", StringComparison.Ordinal) && !line.Contains(" _more ", StringComparison.Ordinal)).ShouldBe(before);
        (await ReadAsync("SELECT count(*) FROM pets", App)).ShouldBe(["0"]);
    }

    [Fact]
    public async Task What_a_superuser_makes_new_goes_to_the_owner_of_what_was_there()
    {
        await ResetAsync(Migrations, role: Owner);
        await ResetAsync($"{Migrations}; CREATE INDEX ON pets (name)");

        (await ReadAsync(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relowner = 'slipway'::regrole UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proowner = 'slipway'::regrole UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typowner = 'slipway'::regrole"))
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task A_new_table_gets_what_the_schema_gives_by_default()
    {
        await ResetAsync(Migrations, role: Owner);
        await RunAsync($"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {App}; ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO {App}", Owner);
        await ResetAsync($"{Migrations}; CREATE TABLE more (id serial)", "INSERT INTO more VALUES (7)", Owner);

        (await ReadAsync("SELECT id FROM more", App)).ShouldBe(["7"]);
        await ReadAsync("SELECT nextval('more_id_seq')", App);
        await ResetAsync($"{Migrations}; CREATE TABLE more (id serial); CREATE TABLE most (id int)", role: Owner);
        (await ReadAsync("SELECT count(*) FROM most", App)).ShouldBe(["0"]);
    }

    [Fact]
    public async Task Migrations_may_give_away_what_they_make()
    {
        await RunAsync($"GRANT {App} TO {Owner}; GRANT ALL ON SCHEMA public TO {App}");
        await ResetAsync($"CREATE TABLE pets (id int); ALTER TABLE pets OWNER TO {App}", role: Owner);
        await ResetAsync($"CREATE TABLE pets (id int); ALTER TABLE pets OWNER TO {App}", role: Owner);

        FoundUnchanged.ShouldBeTrue(Log.Text);
        (await ReadAsync("SELECT relowner::regrole::text FROM pg_class WHERE relname = 'pets'")).ShouldBe([App]);
    }

    [Fact]
    public async Task Forced_row_security_stops_a_role_that_it_applies_to()
    {
        await ResetAsync("CREATE TABLE pets (id int); ALTER TABLE pets ENABLE ROW LEVEL SECURITY; CREATE POLICY few ON pets USING (id = 1)", "INSERT INTO pets VALUES (1), (2)", Owner);
        await RunAsync("ALTER TABLE pets FORCE ROW LEVEL SECURITY", Owner);
        var error = await Should.ThrowAsync<DemoDataException>(() => SeedAsync(TestData.Of("INSERT INTO pets VALUES (1)", "pets"), Owner));

        error.Fault.ShouldBe(DemoDataFault.NotPermitted);
        error.Message.ShouldContain("row-level security policy for table \"pets\"");
        (await ReadAsync("SELECT count(*) FROM pets")).ShouldBe(["2"]);
    }

    [Fact]
    public async Task A_reader_whose_session_is_not_shown_to_the_owner_is_waited_for_all_the_same()
    {
        await ResetAsync("CREATE TABLE pets (id int)", "INSERT INTO pets VALUES (1)", Owner);
        await RunAsync($"GRANT SELECT ON pets TO {App}", Owner);
        await using var reader = await OpenAsync(App);
        await using var transaction = await reader.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        await ReadAsync(reader, "SELECT 1");
        Options = Options with { WaitForTables = TimeSpan.Zero };
        var error = await Should.ThrowAsync<DemoDataException>(() => ResetAsync("CREATE TABLE pets (id bigint)", "INSERT INTO pets VALUES (2)", Owner));

        error.Fault.ShouldBe(DemoDataFault.TablesInUse);
        error.Message.ShouldContain($"process {reader.ProcessID}");
        (await ReadAsync(reader, "SELECT id FROM pets")).ShouldBe(["1"]);
    }

    [Theory]
    [InlineData("CREATE TABLE pets (id int)", "LOCK TABLE pets IN ROW EXCLUSIVE MODE")]
    [InlineData("CREATE TABLE pets (id bigint)", "SELECT 1 FROM pets")]
    public async Task A_holder_whose_session_is_not_shown_to_the_owner_is_named(string migrations, string holding)
    {
        await ResetAsync("CREATE TABLE pets (id int)", "INSERT INTO pets VALUES (1)", Owner);
        await RunAsync($"GRANT ALL ON pets TO {App}", Owner);
        await using var holder = await OpenAsync(App);
        await using var transaction = await holder.BeginTransactionAsync();
        await RunAsync(holder, holding);
        Options = Options with { WaitForTables = TimeSpan.Zero };
        var error = await Should.ThrowAsync<DemoDataException>(() => ResetAsync(migrations, role: Owner));

        error.Fault.ShouldBe(DemoDataFault.TablesInUse);
        error.Message.ShouldContain($"process {holder.ProcessID}");
        error.Message.ShouldContain(App);
    }
}
