using Shouldly;
using Slipway.DemoData.Scripts;
using Xunit;

namespace Slipway.DemoData.Tests.Scripts;

public sealed class CopyPlaceTests
{
    [Theory]
    [InlineData("COPY clients, line 3, column age: \"x\"", 3, "age")]
    [InlineData("COPY clients, Zeile 3, Spalte age: »x«", 3, "age")]
    [InlineData("COPY clients, line 3, column age: null input", 3, "age")]
    [InlineData("COPY clients, line 3, column age", 3, "age")]
    [InlineData("COPY clients, line 12: \"1, column x: y\"", 12, null)]
    [InlineData("COPY clients, line 12", 12, null)]
    [InlineData("PL/pgSQL function check_age() line 7 at RAISE\nCOPY clients, line 3: \"a\nCOPY clients, line 9\"", 3, null)]
    public void Reads_where_PostgreSQL_stopped(string where, int line, string? column) =>
        CopyPlace.Find(where, "clients").ShouldBe(new CopyPlace(line, column));

    [Theory]
    [InlineData(null)]
    [InlineData("SQL function \"f\" statement 1")]
    [InlineData("COPY others, line 3")]
    public void Others_tell_no_place(string? where) => CopyPlace.Find(where, "clients").ShouldBeNull();
}
