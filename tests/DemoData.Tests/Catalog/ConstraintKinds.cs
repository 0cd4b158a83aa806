using static Slipway.DemoData.Tests.Catalog.SchemaKind;

namespace Slipway.DemoData.Tests.Catalog;

/// <summary>Constraints and indexes.</summary>
internal static class ConstraintKinds
{
    private const string Ab = "CREATE TABLE § (a int NOT NULL, b int)";
    private const string Two = "CREATE TABLE § (a int PRIMARY KEY, b int UNIQUE); CREATE TABLE §_2 (a int, b int)";

    public static readonly IReadOnlyList<SchemaKind> All =
    [
        Either("check", "CREATE TABLE § (a int CHECK (a > ¤))", "1", "2"),
        Either("name of a constraint", "CREATE TABLE § (a int CONSTRAINT ¤ CHECK (a > 1))", "x", "y"),
        Either("check not for heirs", "CREATE TABLE § (a int CHECK (a > 1) ¤)", "", "NO INHERIT"),
        Either("check not validated", $"{Ab}; ALTER TABLE § ADD CHECK (a > 1) ¤", "", "NOT VALID"),
        Either("primary key", "CREATE TABLE § (a int NOT NULL, b int NOT NULL, PRIMARY KEY (¤))", "a", "a, b"),
        Either("unique", "CREATE TABLE § (a int, UNIQUE ¤ (a))", "", "NULLS NOT DISTINCT"),
        Either("unique with more", "CREATE TABLE § (a int, b int, UNIQUE (a) ¤)", "", "INCLUDE (b)"),
        Either("deferrable", "CREATE TABLE § (a int, UNIQUE (a) ¤)", "", "DEFERRABLE"),
        Either("deferred", "CREATE TABLE § (a int, UNIQUE (a) DEFERRABLE INITIALLY ¤)", "IMMEDIATE", "DEFERRED"),
        Either("foreign key", $"{Two}; ALTER TABLE §_2 ADD FOREIGN KEY (a) REFERENCES § (¤)", "a", "b"),
        Either("deletion", $"{Two}; ALTER TABLE §_2 ADD FOREIGN KEY (a) REFERENCES § ON DELETE ¤", "CASCADE", "SET NULL"),
        Either("update", $"{Two}; ALTER TABLE §_2 ADD FOREIGN KEY (a) REFERENCES § ON UPDATE ¤", "CASCADE", "SET NULL"),
        Either("match", $"{Two}; ALTER TABLE §_2 ADD FOREIGN KEY (a) REFERENCES § MATCH ¤", "SIMPLE", "FULL"),
        Either("foreign key not validated", $"{Two}; ALTER TABLE §_2 ADD FOREIGN KEY (a) REFERENCES § ¤", "", "NOT VALID"),
        Altered("foreign key not at work", $"{Two}; ALTER TABLE §_2 ADD FOREIGN KEY (a) REFERENCES §", "ALTER TABLE §_2 DISABLE TRIGGER ALL"),
        Either("circle", $"{Two}; ALTER TABLE §_2 ADD UNIQUE (a), ADD FOREIGN KEY (a) REFERENCES § DEFERRABLE ¤; ALTER TABLE § ADD FOREIGN KEY (b) REFERENCES §_2 (a) DEFERRABLE", "", "INITIALLY DEFERRED"),
        Either("foreign key to itself", "CREATE TABLE § (a int PRIMARY KEY, b int REFERENCES § ¤)", "", "ON DELETE CASCADE"),
        Either("foreign key to partitions", "CREATE TABLE § (a int PRIMARY KEY) PARTITION BY HASH (a); CREATE TABLE §_1 PARTITION OF § FOR VALUES WITH (MODULUS 1, REMAINDER 0); CREATE TABLE §_2 (a int REFERENCES § ¤)", "", "ON DELETE CASCADE"),
        Either("exclusion", "CREATE TABLE § (a int4range, EXCLUDE USING gist (a WITH ¤))", "&&", "-|-"),
        Altered("index", Ab, "CREATE INDEX ON § (a)"),
        Either("name of an index", $"{Ab}; CREATE INDEX §_¤ ON § (a)", "x", "y"),
        Either("unique index", $"{Ab}; CREATE ¤ INDEX §_x ON § (a)", "", "UNIQUE"),
        Either("method of an index", $"{Ab}; CREATE INDEX ON § USING ¤ (a)", "btree", "hash"),
        Either("more in an index", $"{Ab}; CREATE INDEX §_x ON § (a) ¤", "", "INCLUDE (b)"),
        Either("part of an index", $"{Ab}; CREATE INDEX ON § (a) ¤", "", "WHERE b > 1"),
        Either("expression of an index", $"{Ab}; CREATE INDEX ON § ((a + ¤))", "1", "2"),
        Either("order of an index", $"{Ab}; CREATE INDEX ON § (a ¤)", "", "DESC"),
        Either("nulls of an index", $"{Ab}; CREATE INDEX ON § (a NULLS ¤)", "FIRST", "LAST"),
        Either("operator class of an index", "CREATE TABLE § (a text); CREATE INDEX ON § (a ¤)", "", "text_pattern_ops"),
        Either("collation of an index", "CREATE TABLE § (a text); CREATE INDEX ON § (a ¤)", "", "COLLATE \"C\""),
        Either("parameter of an index", $"{Ab}; CREATE INDEX ON § (a) ¤", "", "WITH (fillfactor = 50)"),
        Altered("order of the table", $"{Ab}; CREATE INDEX §_x ON § (a)", "CLUSTER § USING §_x"),
        Altered("replica identity by another index", $"{Ab}; CREATE UNIQUE INDEX §_x ON § (a)", "ALTER TABLE § REPLICA IDENTITY USING INDEX §_x"),
        Altered("statistics of an index", $"{Ab}; CREATE INDEX §_x ON § ((a + 1))", "ALTER INDEX §_x ALTER COLUMN 1 SET STATISTICS 500"),
        Altered("index of partitions", "CREATE TABLE § (a int) PARTITION BY LIST (a); CREATE TABLE §_1 PARTITION OF § DEFAULT; CREATE INDEX §_x ON ONLY § (a); CREATE INDEX §_y ON §_1 (a)", "ALTER INDEX §_x ATTACH PARTITION §_y"),
        Either("statistics", $"{Ab}; CREATE STATISTICS §_s (¤) ON a, b FROM §", "ndistinct", "dependencies"),
        Either("columns of statistics", "CREATE TABLE § (a int, b int, c int); CREATE STATISTICS §_s ON a, ¤ FROM §", "b", "c"),
        Altered("target of statistics", $"{Ab}; CREATE STATISTICS §_s ON a, b FROM §", "ALTER STATISTICS §_s SET STATISTICS 500"),
    ];
}
