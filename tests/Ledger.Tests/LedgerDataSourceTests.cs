using Npgsql;
using Shouldly;
using Xunit;

namespace Slipway.Ledger.Tests;

public sealed class LedgerDataSourceTests
{
    [Theory]
    [InlineData("postgres://ada:s%40cret%2F1@db.example:6543/slipway?sslmode=require")]
    [InlineData("postgresql://ada:s%40cret%2F1@db.example:6543/slipway?sslmode=require")]
    [InlineData("Host=db.example;Port=6543;Username=ada;Password=s@cret/1;Database=slipway;SSL Mode=Require")]
    public void Reads_both_forms(string text)
    {
        var settings = Read(text);
        (settings.Host, settings.Port, settings.Username, settings.Database, settings.SslMode).ShouldBe(
            ("db.example", 6543, "ada", "slipway", SslMode.Require));
        (settings.ApplicationName, settings.Timeout, settings.CommandTimeout, settings.MaxPoolSize).ShouldBe(("slipway", 5, 15, 20));
        settings.Password.ShouldBeNull();
    }

    [Fact]
    public void What_the_text_says_goes_before_the_defaults()
    {
        var settings = Read("postgres://db.example/slipway?connect_timeout=30&application_name=other&Maximum%20Pool%20Size=3");
        (settings.Timeout, settings.ApplicationName, settings.MaxPoolSize, settings.Port).ShouldBe((30, "other", 3, 5432));
    }

    [Fact]
    public void Takes_ip_addresses_of_both_kinds()
    {
        Read("postgres://u:p@[::1]:6543/d").Host.ShouldBe("::1");
        Read("postgres://u:p@127.0.0.1/d").Host.ShouldBe("127.0.0.1");
    }

    [Theory]
    [InlineData("", "names no host")]
    [InlineData("Database=hush", "names no host")]
    [InlineData("hush", "neither a URL")]
    [InlineData("postgres://u:hush@db:99999999/d", "cannot be read")]
    [InlineData("postgres://u:hush@db/d?sslmode=hush", "'SSL Mode'")]
    [InlineData("postgres://u:hush@db/d?hidden=hush", "'hidden'")]
    [InlineData("Host=db;Port=hush", "'port'")]
    [InlineData("Host=db;Password='hush", "neither a URL")]
    public void Says_which_part_it_does_not_understand_and_never_a_value(string text, string message)
    {
        var error = Should.Throw<ArgumentException>(() => LedgerDataSource.Create(text));
        error.Message.ShouldContain(message);
        error.ToString().ShouldNotContain("hush");
    }

    private static NpgsqlConnectionStringBuilder Read(string text)
    {
        using var dataSource = LedgerDataSource.Create(text);
        return new NpgsqlConnectionStringBuilder(dataSource.ConnectionString);
    }
}
