using static Slipway.DemoData.Tests.Catalog.SchemaKind;

namespace Slipway.DemoData.Tests.Catalog;

/// <summary>Functions, procedures, aggregates, and the operators and casts that use them.</summary>
internal static class RoutineKinds
{
    private const string One = "CREATE FUNCTION §(a int) RETURNS int LANGUAGE sql ¤ AS 'SELECT 1'";
    private const string Add = "CREATE FUNCTION §_add(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS 'SELECT a + b'; CREATE FUNCTION §_less(a int, b int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT a < b'; CREATE FUNCTION §_order(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a - b'";

    public static readonly IReadOnlyList<SchemaKind> All =
    [
        new("function", "SELECT 1", One.Replace("¤", "", StringComparison.Ordinal)),
        Either("body", "CREATE FUNCTION §() RETURNS int LANGUAGE sql AS 'SELECT ¤'", "1", "2"),
        Either("body that was parsed", "CREATE TABLE §_t (a int, b int); CREATE FUNCTION §() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT ¤ FROM §_t; END", "a", "b"),
        Either("volatility", One, "STABLE", "IMMUTABLE"),
        Either("cost", One, "COST 10", "COST 20"),
        Either("null input", One, "", "STRICT"),
        Either("rights of a function", One, "", "SECURITY DEFINER"),
        Either("setting of a function", One, "SET work_mem = '1MB'", "SET work_mem = '2MB'"),
        Either("parallel", One, "PARALLEL SAFE", "PARALLEL RESTRICTED"),
        Either("leakproof", One, "", "LEAKPROOF"),
        Either("rows of a function", "CREATE FUNCTION §() RETURNS SETOF int LANGUAGE sql ROWS ¤ AS 'SELECT 1'", "10", "20"),
        Either("result", "CREATE FUNCTION §() RETURNS ¤ LANGUAGE sql AS 'SELECT NULL::int'", "int", "SETOF int"),
        Either("name of an argument", "CREATE FUNCTION §(¤ int) RETURNS int LANGUAGE sql AS 'SELECT 1'", "a", "b"),
        Either("default of an argument", "CREATE FUNCTION §(a int DEFAULT ¤) RETURNS int LANGUAGE sql AS 'SELECT 1'", "1", "2"),
        Altered("overload", One.Replace("¤", "", StringComparison.Ordinal), "CREATE FUNCTION §(a text) RETURNS int LANGUAGE sql AS 'SELECT 1'"),
        Either("argument of a type", "CREATE TYPE §_mood AS ENUM ('glad'); CREATE FUNCTION §(a ¤) RETURNS int LANGUAGE sql AS 'SELECT 1'", "§_mood", "§_mood[]"),
        Either("rows of a table", "CREATE TABLE §_t (a int); CREATE FUNCTION §() RETURNS SETOF §_t LANGUAGE sql AS 'TABLE §_t¤'", "", " LIMIT 1"),
        Either("procedure", "CREATE PROCEDURE §(a int) LANGUAGE sql AS 'SELECT ¤'", "1", "2"),
        new("aggregate", Add, $"{Add}; CREATE AGGREGATE §(int) (SFUNC = §_add, STYPE = int)"),
        Either("begin of an aggregate", $"{Add}; CREATE AGGREGATE §(int) (SFUNC = §_add, STYPE = int, INITCOND = '¤')", "1", "2"),
        Either("combination of an aggregate", $"{Add}; CREATE AGGREGATE §(int) (SFUNC = §_add, STYPE = int ¤)", "", ", COMBINEFUNC = §_add"),
        Either("end of an aggregate", $"{Add}; CREATE FUNCTION §_end(int, int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE AGGREGATE §(int) (SFUNC = §_add, STYPE = int, FINALFUNC = §_end, FINALFUNC_EXTRA, FINALFUNC_MODIFY = ¤)", "READ_ONLY", "READ_WRITE"),
        Either("moving aggregate", $"{Add}; CREATE AGGREGATE §(int) (SFUNC = §_add, STYPE = int ¤)", "", ", MSFUNC = §_add, MINVFUNC = §_add, MSTYPE = int"),
        Either("parallel aggregate", $"{Add}; CREATE AGGREGATE §(int) (SFUNC = §_add, STYPE = int, PARALLEL = ¤)", "SAFE", "UNSAFE"),
        Either("aggregate of nothing", "CREATE FUNCTION §_next(int) RETURNS int LANGUAGE sql AS 'SELECT $1 + 1'; CREATE AGGREGATE §(*) (SFUNC = §_next, STYPE = int, INITCOND = '¤')", "0", "1"),
        Either("ordered aggregate", "CREATE FUNCTION §_next(int, int) RETURNS int LANGUAGE sql AS 'SELECT $1'; CREATE AGGREGATE §(ORDER BY int) (SFUNC = §_next, STYPE = int, INITCOND = '¤')", "0", "1"),
        new("operator", Add, $"{Add}; CREATE OPERATOR <#> (FUNCTION = §_add, LEFTARG = int, RIGHTARG = int)"),
        Either("function of an operator", $"{Add}; CREATE FUNCTION §_less2(a int, b int) RETURNS boolean LANGUAGE sql AS 'SELECT true'; CREATE OPERATOR <%> (FUNCTION = ¤, LEFTARG = int, RIGHTARG = int)", "§_less", "§_less2"),
        Either("commutator", $"{Add}; CREATE OPERATOR <&> (FUNCTION = §_add, LEFTARG = int, RIGHTARG = int ¤)", "", ", COMMUTATOR = <&>"),
        Either("estimate of an operator", $"{Add}; CREATE OPERATOR <+> (FUNCTION = §_less, LEFTARG = int, RIGHTARG = int ¤)", "", ", RESTRICT = scalarltsel"),
        Either("prefix operator", "CREATE FUNCTION §_not(a ¤) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE OPERATOR <!> (FUNCTION = §_not, RIGHTARG = ¤)", "int", "smallint"),
        Either("operator class", $"{Add}; CREATE OPERATOR CLASS §_ops FOR TYPE int USING btree AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 §_order(int, int)¤", "", ", OPERATOR 5 >"),
        Either("operator family", $"{Add}; CREATE OPERATOR FAMILY §_family USING btree ¤", "", "; ALTER OPERATOR FAMILY §_family USING btree ADD FUNCTION 1 (int, int) §_order(int, int)"),
        Either("cast", "CREATE TYPE § AS ENUM ('glad'); CREATE CAST (varchar AS §) WITH INOUT ¤", "AS ASSIGNMENT", "AS IMPLICIT"),
        Either("function of a cast", "CREATE TYPE § AS (a int); CREATE FUNCTION §_1(int) RETURNS § LANGUAGE sql AS 'SELECT ROW(1)::§'; CREATE FUNCTION §_2(int) RETURNS § LANGUAGE sql AS 'SELECT ROW(2)::§'; CREATE CAST (int AS §) WITH FUNCTION ¤(int)", "§_1", "§_2"),
    ];
}
