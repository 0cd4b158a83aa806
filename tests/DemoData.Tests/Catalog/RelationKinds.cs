using static Slipway.DemoData.Tests.Catalog.SchemaKind;

namespace Slipway.DemoData.Tests.Catalog;

/// <summary>Sequences and views, and what watches tables: triggers, rules, policies.</summary>
internal static class RelationKinds
{
    private const string Ab = "CREATE TABLE § (a int, b int)";
    private const string View = $"{Ab}; CREATE VIEW §_v AS SELECT a, b FROM §";
    private const string Watched = $"{Ab}; CREATE FUNCTION §_f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'";

    public static readonly IReadOnlyList<SchemaKind> All =
    [
        new("sequence", "SELECT 1", "CREATE SEQUENCE §"),
        Either("type of a sequence", "CREATE SEQUENCE § ¤ MAXVALUE 100", "", "AS int"),
        Either("start", "CREATE SEQUENCE § START ¤", "1", "2"),
        Either("increment", "CREATE SEQUENCE § INCREMENT ¤", "1", "2"),
        Either("least", "CREATE SEQUENCE § MINVALUE ¤ START 5", "1", "2"),
        Either("greatest", "CREATE SEQUENCE § MAXVALUE ¤", "10", "20"),
        Either("cache", "CREATE SEQUENCE § CACHE ¤", "1", "2"),
        Either("cycle", "CREATE SEQUENCE § ¤", "", "CYCLE"),
        Either("unlogged sequence", "CREATE ¤ SEQUENCE §", "", "UNLOGGED"),
        Altered("owner of a sequence", $"{Ab}; CREATE SEQUENCE §_s", "ALTER SEQUENCE §_s OWNED BY §.a"),
        Altered("column that owns a sequence", $"{Ab}; CREATE SEQUENCE §_s OWNED BY §.a", "ALTER SEQUENCE §_s OWNED BY §.b"),
        Altered("default of a sequence", $"CREATE SEQUENCE §_s; {Ab}", "ALTER TABLE § ALTER a SET DEFAULT nextval('§_s')"),
        Altered("view", Ab, "CREATE VIEW §_v AS SELECT a FROM §"),
        Either("query of a view", $"{Ab}; CREATE VIEW §_v AS SELECT a FROM § WHERE a > ¤", "1", "2"),
        Altered("options of a view", View, "ALTER VIEW §_v SET (security_barrier)"),
        Either("rights of a view", $"{Ab}; CREATE VIEW §_v ¤ AS SELECT a FROM §", "", "WITH (security_invoker)"),
        Either("check of a view", $"{View} WITH ¤ CHECK OPTION", "LOCAL", "CASCADED"),
        Altered("default of a view", View, "ALTER VIEW §_v ALTER a SET DEFAULT 5"),
        Either("view on a view", $"{View}; CREATE VIEW §_w AS SELECT ¤ AS c FROM §_v", "a", "b"),
        Either("recursive view", "CREATE RECURSIVE VIEW §_v (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM §_v WHERE n < ¤", "10", "11"),
        Either("materialized view", $"{Ab}; CREATE MATERIALIZED VIEW §_m AS SELECT ¤ AS c FROM §", "a", "b"),
        Either("index of a materialized view", $"{Ab}; CREATE MATERIALIZED VIEW §_m AS SELECT a, b FROM §; CREATE INDEX ON §_m (¤)", "a", "b"),
        Altered("parameter of a materialized view", $"{Ab}; CREATE MATERIALIZED VIEW §_m AS SELECT a FROM §", "ALTER MATERIALIZED VIEW §_m SET (fillfactor = 50)"),
        Altered("trigger", Watched, "CREATE TRIGGER §_t BEFORE INSERT ON § FOR EACH ROW EXECUTE FUNCTION §_f()"),
        Either("time of a trigger", $"{Watched}; CREATE TRIGGER §_t ¤ INSERT ON § FOR EACH ROW EXECUTE FUNCTION §_f()", "BEFORE", "AFTER"),
        Either("cause of a trigger", $"{Watched}; CREATE TRIGGER §_t BEFORE ¤ ON § FOR EACH ROW EXECUTE FUNCTION §_f()", "INSERT", "INSERT OR UPDATE"),
        Either("columns of a trigger", $"{Watched}; CREATE TRIGGER §_t BEFORE UPDATE OF ¤ ON § FOR EACH ROW EXECUTE FUNCTION §_f()", "a", "b"),
        Either("condition of a trigger", $"{Watched}; CREATE TRIGGER §_t BEFORE INSERT ON § FOR EACH ROW WHEN (NEW.a > ¤) EXECUTE FUNCTION §_f()", "1", "2"),
        Either("arguments of a trigger", $"{Watched}; CREATE TRIGGER §_t BEFORE INSERT ON § FOR EACH ROW EXECUTE FUNCTION §_f('¤')", "1", "2"),
        Either("constraint trigger", $"{Watched}; CREATE CONSTRAINT TRIGGER §_t AFTER INSERT ON § ¤ FOR EACH ROW EXECUTE FUNCTION §_f()", "", "DEFERRABLE INITIALLY DEFERRED"),
        Either("transition table", $"{Watched}; CREATE TRIGGER §_t AFTER INSERT ON § ¤ EXECUTE FUNCTION §_f()", "", "REFERENCING NEW TABLE AS fresh"),
        Altered("trigger that is off", $"{Watched}; CREATE TRIGGER §_t BEFORE INSERT ON § FOR EACH ROW EXECUTE FUNCTION §_f()", "ALTER TABLE § DISABLE TRIGGER §_t"),
        Altered("trigger that is always on", $"{Watched}; CREATE TRIGGER §_t BEFORE INSERT ON § FOR EACH ROW EXECUTE FUNCTION §_f()", "ALTER TABLE § ENABLE ALWAYS TRIGGER §_t"),
        Altered("rule", View, "CREATE RULE §_r AS ON INSERT TO §_v DO INSTEAD INSERT INTO § VALUES (NEW.a)"),
        Either("action of a rule", $"{View}; CREATE RULE §_r AS ON UPDATE TO §_v DO INSTEAD UPDATE § SET ¤ = 1", "a", "b"),
        Altered("rule that is off", $"{Ab}; CREATE RULE §_r AS ON DELETE TO § DO ALSO NOTIFY gone", "ALTER TABLE § DISABLE RULE §_r"),
        Altered("policy", Ab, "CREATE POLICY §_p ON § USING (a > 1)"),
        Either("command of a policy", $"{Ab}; CREATE POLICY §_p ON § FOR ¤ USING (a > 1)", "SELECT", "DELETE"),
        Either("condition of a policy", $"{Ab}; CREATE POLICY §_p ON § USING (a > ¤)", "1", "2"),
        Either("check of a policy", $"{Ab}; CREATE POLICY §_p ON § WITH CHECK (a > ¤)", "1", "2"),
        Either("role of a policy", $"{Ab}; CREATE POLICY §_p ON § TO ¤ USING (a > 1)", "PUBLIC", "pg_monitor"),
        Either("restriction of a policy", $"{Ab}; CREATE POLICY §_p ON § AS ¤ USING (a > 1)", "PERMISSIVE", "RESTRICTIVE"),
    ];
}
