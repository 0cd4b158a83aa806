using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Slipway.DemoData.Scripts;
using Xunit;

namespace Slipway.DemoData.Tests.Scripts;

/// <summary>However statements are put together and apart, they come out as they went in.</summary>
public sealed class RandomScriptTests
{
    private static readonly string[] Pieces =
    [
        "a", "b1", "x$y", "12", "3.5", "$1", "+", "::", "?", "@x", ":name", "<>",
        "'t;ext'", "'it''s;'", "+ '\\'", "E'\\';\\\\'", "E'a;'\n'\\';'", "U&'\\0061;'", "\"n;\"\"m\"", "$$;'\n$$", "$t$;$$;$t$", "$q_1$\n;'$q_1$",
        "(a; b)", "(';)'; \"(\";\n(c;))", "-- remark; it's\n", "/* c; */", "/* a /* ; */ ' */", "e", "E", "CASE", "END", "BEGIN", "AS", "\n", "\r\n", "\t",
    ];

    private static readonly string[] Between = ["", " ", "\n", "\r\n", "-- only; a remark'\n", "/* ; \n ' /* $$ */ */", ";", "\t;\n"];

    private static readonly string[] Whole =
    [
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 END; END",
        "CREATE FUNCTION f() RETURNS int BEGIN /* ; */ ATOMIC\nSELECT 1 AS end; SELECT CASE 1 WHEN 1 THEN CASE WHEN ';' = '' THEN 1 END END;\nEND",
        "CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a;\nDELETE FROM b)",
    ];

    [Fact]
    public void Statements_come_out_as_they_went_in()
    {
        var word = Gen.Elements(Pieces);
        var made = word.ListOf().Select(words => $"SELECT {string.Join(' ', words)} last");
        var statement = Gen.Frequency((4, made), (1, Gen.Elements(Whole)));
        var script = statement.ListOf().SelectMany(statements =>
            Gen.Elements(Between).ListOf().ListOf(statements.Count + 1).Select(gaps => (statements, gaps)));

        Prop.ForAll(script.ToArbitrary(), given => Check([.. given.statements], [.. given.gaps.Select(gap => string.Concat(gap))]))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    private static void Check(string[] statements, string[] gaps)
    {
        var text = new StringBuilder();
        var expected = new List<(int Line, string Text)>();
        for (var index = 0; index < statements.Length; index++)
        {
            text.Append(gaps[index]);
            expected.Add((1 + text.ToString().Count(character => character == '\n'), statements[index]));
            text.Append(statements[index]).Append(';');
        }

        text.Append(gaps[^1]);
        SqlScript.Parse("random.sql", text.ToString(), DemoDataFault.BrokenDataSet)
            .Statements.Select(statement => (statement.Line, statement.Text)).ShouldBe(expected);
    }
}
