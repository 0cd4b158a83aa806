using Shouldly;
using Slipway.DemoData.Scripts;
using Xunit;

namespace Slipway.DemoData.Tests.Scripts;

public sealed class SqlScriptTests
{
    [Theory]
    [InlineData("SELECT ';'")]
    [InlineData("SELECT 'it''s; here'")]
    [InlineData("SELECT 'a backslash is a letter\\'")]
    [InlineData("SELECT E'quoted \\'; with \\\\'")]
    [InlineData("SELECT E'doubled ''; as well'")]
    [InlineData("SELECT E'first'\n'second \\'; part'")]
    [InlineData("SELECT E'first' -- ' remark\n -- more\n 'second \\'; part'")]
    [InlineData("SELECT type'no escape\\', 'here;'")]
    [InlineData("SELECT U&'d\\0061t;a', N'n;', B'0', X'F;'")]
    [InlineData("SELECT 1 AS \"a;\"\"b\"\";\", U&\"d;\"")]
    [InlineData("SELECT $$a;'b$$")]
    [InlineData("SELECT $tag$ $$ ; $other$ ; $tag$")]
    [InlineData("SELECT $тег$ ; $тег$")]
    [InlineData("SELECT a$b$c, $1, '$$;'")]
    [InlineData("SELECT 1 -- a remark; that's all\n, 2")]
    [InlineData("SELECT /* a; /* nested; */ 'still */ */ 2")]
    [InlineData("SELECT 1 */**/ 2")]
    [InlineData("CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b)")]
    [InlineData("CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END")]
    [InlineData("CREATE PROCEDURE p() begin /* ; */ atomic SELECT CASE 1 WHEN 1 THEN CASE WHEN true THEN 2 END END; SELECT 2; end")]
    [InlineData("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1 AS end, t.end, 2 AS case FROM t; SELECT 2; END")]
    public void Knows_what_can_hold_a_semicolon(string statement)
    {
        Texts($"{statement};SELECT 9").ShouldBe([statement, "SELECT 9"]);
        Texts($"SELECT 8 ; {statement} ;").ShouldBe(["SELECT 8", statement]);
    }

    [Fact]
    public void Nothing_but_comments_is_no_statement() =>
        Texts("-- only; this\n;;/* and; that */ ; SELECT 1 -- behind it\n;\n-- and after").ShouldBe(["SELECT 1"]);

    [Fact]
    public void A_begin_that_is_none_of_a_body_ends_with_its_semicolon() =>
        Texts("BEGIN; ATOMIC; SELECT 1; END; CREATE TABLE t (begin int); SELECT begin FROM t")
            .ShouldBe(["BEGIN", "ATOMIC", "SELECT 1", "END", "CREATE TABLE t (begin int)", "SELECT begin FROM t"]);

    [Fact]
    public void Tells_the_line_of_the_first_token()
    {
        var script = Parse("\uFEFF-- head\r\nSELECT 1;\r\n\r\n/* a\r\n b */ SELECT\r\n 2; SELECT 3");
        script.Statements.Select(statement => (statement.Line, statement.Text)).ShouldBe([(2, "SELECT 1"), (5, "SELECT\r\n 2"), (6, "SELECT 3")]);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Takes_the_rows_of_a_copy(string end)
    {
        var lines = new[] { "-- head", "COPY t (a, b) FROM stdin; -- rows", "1\tit's; here", "\\\\.\t\\N", "\\.", "SELECT 2;", "copy t from STDIN;", "\\." };
        var statements = Parse(string.Join(end, lines)).Statements;

        statements.Select(statement => (statement.Line, statement.Text)).ShouldBe([(2, "COPY t (a, b) FROM stdin"), (6, "SELECT 2"), (7, "copy t from STDIN")]);
        statements[0].CopyData.ShouldBe(new CopyData($"1\tit's; here{end}\\\\.\t\\N{end}", 3));
        statements[1].CopyData.ShouldBeNull();
        statements[2].CopyData.ShouldBe(new CopyData("", 8));
    }

    [Theory]
    [InlineData("COPY t FROM '/tmp/file'")]
    [InlineData("COPY t TO stdout")]
    [InlineData("COPY (SELECT a FROM stdin) TO '/tmp/file'")]
    [InlineData("SELECT a FROM stdin")]
    public void Expects_no_rows_of_others(string statement) => Parse($"{statement};\nSELECT 1;").Statements.Select(each => each.CopyData).ShouldBe([null, null]);

    [Theory]
    [InlineData("SELECT 1;\nSELECT 'open;\nSELECT 2;\n", "line 2: the quote that begins here is not closed")]
    [InlineData("SELECT 1;\n\nSELECT E'open\\';\n", "line 3: the quote that begins here is not closed")]
    [InlineData("SELECT\n \"open;\n", "line 2: the double quote that begins here is not closed")]
    [InlineData("SELECT 1\n/* open /* inner */ ;\n", "line 2: the comment that begins here is not closed")]
    [InlineData("DO\n\n$do$ BEGIN; $$ $", "line 3: the quote $do$ that begins here is not closed")]
    [InlineData("SELECT 1;\nCOPY t FROM stdin;\n1\n2\n", "line 2: the rows of this COPY do not end with a line \\.")]
    [InlineData("SELECT 1;\nCOPY t FROM stdin", "line 2: the rows of this COPY are missing")]
    [InlineData("COPY t FROM stdin; SELECT 1;\n\\.\n", "line 1: nothing may follow a COPY ... FROM stdin on its line")]
    [InlineData("SELECT 1;\n\\connect other\n", "line 2: psql's commands are not understood: \\connect")]
    [InlineData("SELECT 1\n\\gset\n", "line 2: psql's commands are not understood: \\gset")]
    [InlineData("SELECT 1;\n\\i more.sql", "line 2: psql's commands are not understood: \\i")]
    [InlineData("SELECT 1;\nSELECT 'a\0b'", "line 2: a NUL character is no text")]
    public void What_cannot_be_cut_is_refused_with_file_and_line(string text, string message)
    {
        var error = Should.Throw<DemoDataException>(() => Parse(text));
        error.Message.ShouldBe($"seeds/1.sql, {message}");
        error.Fault.ShouldBe(DemoDataFault.BrokenDataSet);
    }

    [Fact]
    public void Passes_over_what_a_newer_dump_begins_and_ends_with() =>
        Texts("\\restrict a1B2\n\nSELECT 1;\n\\unrestrict a1B2;\n").ShouldBe(["SELECT 1"]);

    [Fact]
    public void A_file_that_is_not_UTF_8_is_refused()
    {
        var source = new ScriptSource("seeds/1.sql", () => new MemoryStream([.. "SELECT 1;\nSELECT '"u8, 0xE4, .. "'"u8]));
        Should.Throw<DemoDataException>(() => SqlScript.Parse(source, DemoDataFault.BrokenMigration)).ShouldSatisfyAllConditions(
            error => error.Message.ShouldBe("seeds/1.sql, line 2: not UTF-8; save the file in this encoding"),
            error => error.Fault.ShouldBe(DemoDataFault.BrokenMigration));
    }

    private static SqlScript Parse(string text) => SqlScript.Parse("seeds/1.sql", text, DemoDataFault.BrokenDataSet);

    private static IEnumerable<string> Texts(string text) => Parse(text).Statements.Select(statement => statement.Text);
}
