namespace Slipway.DemoData.Tests.Catalog;

/// <summary>Comments on whatever can have one.</summary>
internal static class CommentKinds
{
    private const string Made =
        """
        CREATE TABLE § (a int CONSTRAINT §_check CHECK (a > 1));
        CREATE INDEX §_x ON § (a);
        CREATE SEQUENCE §_s;
        CREATE VIEW §_v AS SELECT a FROM §;
        CREATE MATERIALIZED VIEW §_m AS SELECT a FROM §;
        CREATE FUNCTION §_f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER §_t BEFORE INSERT ON § FOR EACH ROW EXECUTE FUNCTION §_f();
        CREATE RULE §_r AS ON INSERT TO §_v DO INSTEAD NOTHING;
        CREATE POLICY §_p ON § USING (a > 1);
        CREATE STATISTICS §_st ON a, (a + 1) FROM §;
        CREATE TYPE §_e AS ENUM ('glad');
        CREATE TYPE §_c AS (a int);
        CREATE DOMAIN §_d AS int CONSTRAINT §_dc CHECK (VALUE > 1);
        CREATE FUNCTION §_add(int, int) RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE AGGREGATE §_a(int) (SFUNC = §_add, STYPE = int);
        CREATE OPERATOR <~> (FUNCTION = §_add, LEFTARG = int, RIGHTARG = int);
        CREATE COLLATION §_co (LOCALE = 'C');
        CREATE TEXT SEARCH DICTIONARY §_td (TEMPLATE = simple);
        CREATE TEXT SEARCH CONFIGURATION §_tc (COPY = simple)
        """;

    private static readonly string[] Things =
    [
        "TABLE §", "COLUMN §.a", "CONSTRAINT §_check ON §", "INDEX §_x", "SEQUENCE §_s", "VIEW §_v", "COLUMN §_v.a", "MATERIALIZED VIEW §_m", "FUNCTION §_f()",
        "TRIGGER §_t ON §", "RULE §_r ON §_v", "POLICY §_p ON §", "STATISTICS §_st", "TYPE §_e", "TYPE §_c", "COLUMN §_c.a", "DOMAIN §_d", "CONSTRAINT §_dc ON DOMAIN §_d",
        "AGGREGATE §_a(int)", "OPERATOR <~> (int, int)", "COLLATION §_co", "TEXT SEARCH DICTIONARY §_td", "TEXT SEARCH CONFIGURATION §_tc",
    ];

    public static readonly IReadOnlyList<SchemaKind> All = [.. Things.Select(thing => SchemaKind.Altered($"comment on {thing}", Made, $"COMMENT ON {thing} IS 'said'"))];
}
