using static Slipway.DemoData.Tests.Catalog.SchemaKind;

namespace Slipway.DemoData.Tests.Catalog;

/// <summary>Types, collations, and what searches texts.</summary>
internal static class TypeKinds
{
    private const string Config = "CREATE TEXT SEARCH DICTIONARY §_d (TEMPLATE = simple, ACCEPT = false); CREATE TEXT SEARCH CONFIGURATION § (COPY = simple)";

    public static readonly IReadOnlyList<SchemaKind> All =
    [
        Either("enum", "CREATE TYPE § AS ENUM (¤); CREATE TABLE §_t (a §)", "'glad'", "'glad', 'sad'"),
        Either("order of an enum", "CREATE TYPE § AS ENUM (¤); CREATE TABLE §_t (a § DEFAULT 'sad')", "'glad', 'sad'", "'sad', 'glad'"),
        Either("label with a comma", "CREATE TYPE § AS ENUM (¤)", "'a', 'b'", "'a,b'"),
        Either("domain", "CREATE DOMAIN § AS ¤", "int", "bigint"),
        Either("length of a domain", "CREATE DOMAIN § AS varchar(¤)", "10", "20"),
        Either("check of a domain", "CREATE DOMAIN § AS int CHECK (VALUE > ¤); CREATE TABLE §_t (a §)", "1", "2"),
        Altered("check of a domain not validated", "CREATE DOMAIN § AS int", "ALTER DOMAIN § ADD CHECK (VALUE > 1) NOT VALID"),
        Either("default of a domain", "CREATE DOMAIN § AS int DEFAULT ¤", "1", "2"),
        Either("domain not null", "CREATE DOMAIN § AS int ¤", "", "NOT NULL"),
        Either("collation of a domain", "CREATE DOMAIN § AS text ¤", "", "COLLATE \"C\""),
        Either("domain on a domain", "CREATE DOMAIN §_1 AS int; CREATE DOMAIN §_2 AS int; CREATE DOMAIN § AS ¤", "§_1", "§_2"),
        Either("composite type", "CREATE TYPE § AS (a ¤)", "int", "bigint"),
        Either("collation of a composite type", "CREATE TYPE § AS (a text ¤)", "", "COLLATE \"C\""),
        Either("range", "CREATE TYPE § AS RANGE (SUBTYPE = ¤)", "float8", "float4"),
        Either("difference of a range", "CREATE TYPE § AS RANGE (SUBTYPE = float8 ¤)", "", ", SUBTYPE_DIFF = float8mi"),
        Either("collation of a range", "CREATE TYPE § AS RANGE (SUBTYPE = text ¤)", "", ", COLLATION = \"C\""),
        Either("many ranges", "CREATE TYPE § AS RANGE (SUBTYPE = float8, MULTIRANGE_TYPE_NAME = §_¤); CREATE TABLE §_t (a §[])", "x", "y"),
        Either("shell type", "CREATE TYPE §_¤", "x", "y"),
        Either("base type", "CREATE TYPE §; CREATE FUNCTION §_in(cstring) RETURNS § LANGUAGE internal IMMUTABLE STRICT AS 'int4in'; CREATE FUNCTION §_out(§) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out'; CREATE TYPE § (INPUT = §_in, OUTPUT = §_out, LIKE = int ¤)", "", ", CATEGORY = 'N'"),
        Either("collation", "CREATE COLLATION § (PROVIDER = libc, LOCALE = '¤')", "C", "POSIX"),
        Either("deterministic collation", "CREATE COLLATION § (PROVIDER = icu, LOCALE = 'und', DETERMINISTIC = ¤)", "true", "false"),
        Either("collation in use", "CREATE COLLATION §_1 (LOCALE = 'C'); CREATE COLLATION §_2 (LOCALE = 'C'); CREATE TABLE § (a text COLLATE §_¤)", "1", "2"),
        Either("conversion", "CREATE ¤ CONVERSION § FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8", "", "DEFAULT"),
        Altered("text search", Config, "ALTER TEXT SEARCH CONFIGURATION § ALTER MAPPING FOR word WITH §_d, simple"),
        Altered("text search without a mapping", Config, "ALTER TEXT SEARCH CONFIGURATION § DROP MAPPING FOR url"),
        Either("dictionary", "CREATE TEXT SEARCH DICTIONARY § (TEMPLATE = simple, ACCEPT = ¤)", "false", "true"),
        Either("template", "CREATE TEXT SEARCH TEMPLATE § (LEXIZE = ¤)", "dsimple_lexize", "dsynonym_lexize"),
        Either("parser", "CREATE TEXT SEARCH PARSER § (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype ¤)", "", ", HEADLINE = prsd_headline"),
    ];
}
