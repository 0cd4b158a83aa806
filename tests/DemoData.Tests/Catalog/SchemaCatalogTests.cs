using Npgsql;
using Shouldly;
using Slipway.DemoData.Catalog;
using Slipway.DemoData.Tests.Chain;
using Xunit;

namespace Slipway.DemoData.Tests.Catalog;

/// <summary>Whether a change of the schema is seen decides between replacing rows and replacing the schema: whatever is forgotten would never arrive.</summary>
public sealed class SchemaCatalogTests(SchemaCatalogTests.Scene scene) : IClassFixture<SchemaCatalogTests.Scene>
{
    public static TheoryData<string> Kinds => [.. SchemaKind.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_same_is_seen_as_unchanged(string name)
    {
        var kind = SchemaKind.All.Single(one => one.Name == name);
        (await scene.DifferenceAsync("public", kind.BeforeAs("x"), kind.BeforeAs("x"))).ShouldBeEmpty();
        (await scene.DifferenceAsync("public", kind.ChangedAs("x"), kind.ChangedAs("x"))).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_change_is_seen(string name)
    {
        var kind = SchemaKind.All.Single(one => one.Name == name);
        (await scene.DifferenceAsync("public", kind.BeforeAs("x"), kind.ChangedAs("x"))).ShouldNotBeEmpty();
        (await scene.DifferenceAsync("public", kind.ChangedAs("x"), kind.BeforeAs("x"))).ShouldNotBeEmpty();
    }

    /// <summary>A database in which nothing is ever committed.</summary>
    public sealed class Scene : ChainScene
    {
        public override async Task InitializeAsync()
        {
            await base.InitializeAsync();
            await RunAsync("CREATE FOREIGN DATA WRAPPER nothing; CREATE SERVER nowhere FOREIGN DATA WRAPPER nothing");
        }

        /// <summary>What differs between a schema and a new one beside it.</summary>
        internal async Task<IReadOnlyList<string>> DifferenceAsync(string schema, string present, string @new)
        {
            await using var connection = await OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await RunAsync(connection, $"CREATE SCHEMA IF NOT EXISTS {Sql.Quote(schema)}; SET LOCAL search_path = {Sql.Quote(schema)}");
            await MakeAsync(connection, present);
            var standIn = await StandIn.BeginAsync(connection, schema, 1, default);
            await MakeAsync(connection, @new);
            (await standIn.StrayedAsync(default)).ShouldBeNull();
            var after = await standIn.AfterAsync(default);
            return [.. after.Except(standIn.Before), .. standIn.Before.Except(after)];
        }

        private static Task MakeAsync(NpgsqlConnection connection, string sql) => TestData.RunAsync(connection, "kind.sql", sql);
    }
}
