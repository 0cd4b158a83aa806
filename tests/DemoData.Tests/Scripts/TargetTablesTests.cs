using Shouldly;
using Slipway.DemoData.Scripts;
using Xunit;

namespace Slipway.DemoData.Tests.Scripts;

public sealed class TargetTablesTests
{
    [Theory]
    [InlineData("INSERT INTO Clients (id) VALUES (1)", "clients")]
    [InlineData("insert into public.\"Clients\" VALUES (1)", "Clients")]
    [InlineData("INSERT /* into */ INTO db . public . pets AS p SELECT 1", "pets")]
    [InlineData("COPY public.staff (id) FROM stdin", "staff")]
    [InlineData("COPY \"a \"\"b\"\"\" FROM '/tmp/file'", "a \"b\"")]
    [InlineData("MERGE INTO ONLY stock s USING t ON true WHEN MATCHED THEN UPDATE SET a = 1", "stock")]
    [InlineData("UPDATE ONLY (public.clients) SET age = 1", "clients")]
    [InlineData("WITH a AS (INSERT INTO one VALUES (1) RETURNING id), b AS (UPDATE s.two SET x = 1 RETURNING id) INSERT INTO three SELECT 1", "one", "two", "three")]
    [InlineData("WITH a AS (SELECT 1 FROM x FOR UPDATE) INSERT INTO t SELECT 1 ON CONFLICT (id) DO UPDATE SET a = 1", "t")]
    [InlineData("WITH a AS (SELECT 1 FROM x FOR NO KEY UPDATE OF x) SELECT 'INSERT INTO no' /* INSERT INTO no */")]
    [InlineData("COPY clients TO stdout")]
    [InlineData("COPY (SELECT 1 FROM x) TO '/tmp/file'")]
    [InlineData("DELETE FROM clients")]
    [InlineData("SELECT 1")]
    [InlineData("INSERT INTO")]
    public void Finds_the_tables_that_are_named_as_written_to(string statement, params string[] tables) =>
        TargetTables.Of(statement).ShouldBe(tables);
}
