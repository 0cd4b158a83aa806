using static Slipway.DemoData.Tests.Catalog.SchemaKind;

namespace Slipway.DemoData.Tests.Catalog;

/// <summary>Tables and their columns.</summary>
internal static class TableKinds
{
    private const string Pets = "CREATE TABLE § (id int PRIMARY KEY, name text)";

    public static readonly IReadOnlyList<SchemaKind> All =
    [
        new("table", "SELECT 1", Pets),
        Altered("column", Pets, "ALTER TABLE § ADD age int"),
        Either("column name", "CREATE TABLE § (¤ int)", "id", "number"),
        Either("column order", "CREATE TABLE § (¤)", "a int, b int", "b int, a int"),
        Either("column type", "CREATE TABLE § (a ¤)", "int", "bigint"),
        Either("length of a type", "CREATE TABLE § (a varchar(¤))", "10", "20"),
        Either("scale of a number", "CREATE TABLE § (a numeric(8, ¤))", "2", "3"),
        Either("array", "CREATE TABLE § (a int¤)", "", "[]"),
        Either("not null", "CREATE TABLE § (a int ¤)", "", "NOT NULL"),
        Either("default", "CREATE TABLE § (a int DEFAULT ¤)", "1", "2"),
        Either("no default", "CREATE TABLE § (a int ¤)", "", "DEFAULT 1"),
        Either("identity", "CREATE TABLE § (a int GENERATED ¤ AS IDENTITY)", "ALWAYS", "BY DEFAULT"),
        Either("options of an identity", "CREATE TABLE § (a int GENERATED ALWAYS AS IDENTITY (INCREMENT ¤))", "1", "2"),
        Either("serial", "CREATE TABLE § (a ¤)", "int NOT NULL", "serial"),
        Either("generated column", "CREATE TABLE § (a int, b int GENERATED ALWAYS AS (a + ¤) STORED)", "1", "2"),
        Either("generated or default", "CREATE TABLE § (b int ¤)", "GENERATED ALWAYS AS (1) STORED", "DEFAULT 1"),
        Either("collation of a column", "CREATE TABLE § (a text ¤)", "", "COLLATE \"C\""),
        Altered("storage of a column", Pets, "ALTER TABLE § ALTER name SET STORAGE EXTERNAL"),
        Altered("compression of a column", Pets, "ALTER TABLE § ALTER name SET COMPRESSION pglz"),
        Altered("statistics of a column", Pets, "ALTER TABLE § ALTER name SET STATISTICS 500"),
        Altered("options of a column", Pets, "ALTER TABLE § ALTER name SET (n_distinct = 5)"),
        Either("storage parameter", $"{Pets} WITH (fillfactor = ¤)", "70", "80"),
        Altered("parameter of the long values", Pets, "ALTER TABLE § SET (toast.autovacuum_enabled = off)"),
        new("unlogged", Pets, Pets.Replace("TABLE", "UNLOGGED TABLE", StringComparison.Ordinal)),
        Altered("row security", Pets, "ALTER TABLE § ENABLE ROW LEVEL SECURITY"),
        Altered("forced row security", Pets, "ALTER TABLE § FORCE ROW LEVEL SECURITY"),
        Altered("replica identity", Pets, "ALTER TABLE § REPLICA IDENTITY FULL"),
        Altered("replica identity by an index", Pets, "ALTER TABLE § REPLICA IDENTITY USING INDEX §_pkey"),
        Altered("inheritance", $"{Pets}; CREATE TABLE §_child (LIKE § INCLUDING ALL)", "ALTER TABLE §_child INHERIT §"),
        Either("columns of an heir", $"{Pets}; CREATE TABLE §_child (¤) INHERITS (§)", "", "name text"),
        Either("partition key", "CREATE TABLE § (a int, b int) PARTITION BY ¤ (a)", "RANGE", "LIST"),
        Either("expression of a partition key", "CREATE TABLE § (a int, b int) PARTITION BY RANGE (¤)", "a", "(a + b)"),
        Either("partition bounds", "CREATE TABLE § (a int) PARTITION BY RANGE (a); CREATE TABLE §_1 PARTITION OF § FOR VALUES FROM (1) TO (¤)", "5", "6"),
        Altered("partition", "CREATE TABLE § (a int) PARTITION BY RANGE (a); CREATE TABLE §_1 (a int)", "ALTER TABLE § ATTACH PARTITION §_1 DEFAULT"),
        Either("partitions of a partition", "CREATE TABLE § (a int, b int) PARTITION BY LIST (a); CREATE TABLE §_1 PARTITION OF § FOR VALUES IN (1) ¤", "", "PARTITION BY HASH (b)"),
        Either("typed table", "CREATE TYPE §_row AS (a int); CREATE TABLE § ¤", "(a int)", "OF §_row"),
        Either("column of a row type", "CREATE TYPE §_row AS (a int); CREATE TABLE § (rows ¤)", "§_row", "§_row[]"),
        Either("options of a foreign table", "CREATE FOREIGN TABLE § (a int) SERVER nowhere OPTIONS (place '¤')", "here", "there"),
        Either("options of a foreign column", "CREATE FOREIGN TABLE § (a int OPTIONS (place '¤')) SERVER nowhere", "here", "there"),
        Either("odd names", "CREATE TABLE \"Weird \"\"§. ' \\ ¤ 🐕\" (\"a.b \"\"c\" int DEFAULT 1, CHECK (\"a.b \"\"c\" > 0))", "x", "y"),
    ];
}
