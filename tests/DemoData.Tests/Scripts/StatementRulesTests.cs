using Shouldly;
using Slipway.DemoData.Scripts;
using Xunit;

namespace Slipway.DemoData.Tests.Scripts;

public sealed class StatementRulesTests
{
    [Theory]
    [InlineData("create extension citext", "create extension IF NOT EXISTS citext")]
    [InlineData("CREATE /* the type */ EXTENSION \"uuid-ossp\" WITH SCHEMA public", "CREATE /* the type */ EXTENSION IF NOT EXISTS \"uuid-ossp\" WITH SCHEMA public")]
    [InlineData("CREATE SCHEMA public", "CREATE SCHEMA IF NOT EXISTS public")]
    [InlineData("CREATE SCHEMA public AUTHORIZATION owner", "CREATE SCHEMA IF NOT EXISTS public AUTHORIZATION owner")]
    [InlineData("SET search_path TO a, b", "SET LOCAL search_path TO a, b")]
    [InlineData("SET SESSION AUTHORIZATION somebody", "SET LOCAL SESSION AUTHORIZATION somebody")]
    [InlineData("SET SESSION lock_timeout = 0", "SET LOCAL lock_timeout = 0")]
    public void What_is_there_already_and_what_would_outlive_the_transaction_is_said_in_another_way(string written, string sent) =>
        StatementRules.Adapted(written).ShouldBe(sent);

    [Theory]
    [InlineData("CREATE EXTENSION IF NOT EXISTS citext")]
    [InlineData("CREATE SCHEMA IF NOT EXISTS public")]
    [InlineData("CREATE SCHEMA other CREATE TABLE things (id int)")]
    [InlineData("CREATE SCHEMA other AUTHORIZATION owner CREATE TABLE things (id int)")]
    [InlineData("CREATE TABLE extension (schema text)")]
    [InlineData("SET LOCAL search_path TO a")]
    [InlineData("SET CONSTRAINTS ALL DEFERRED")]
    [InlineData("UPDATE t SET a = 1")]
    public void Everything_else_is_sent_as_it_is(string written) => StatementRules.Adapted(written).ShouldBe(written);
}
