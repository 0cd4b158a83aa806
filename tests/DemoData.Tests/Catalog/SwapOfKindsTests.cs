using Shouldly;
using Slipway.DemoData.Tests.Chain;
using Xunit;

namespace Slipway.DemoData.Tests.Catalog;

/// <summary>A schema with everything that a schema can have, put in the place of another one.</summary>
public sealed class SwapOfKindsTests : ChainScene
{
    /// <summary>Without those whose presence alone makes a schema one that is always swapped, and a type that is none yet, which the server does not move.</summary>
    private static readonly IReadOnlyList<SchemaKind> Kinds =
        [.. SchemaKind.All.Where(kind => !kind.Before.Contains("MATERIALIZED", StringComparison.Ordinal) && kind.Name is not ("rule that is off" or "shell type"))];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await RunAsync("CREATE FOREIGN DATA WRAPPER nothing; CREATE SERVER nowhere FOREIGN DATA WRAPPER nothing");
    }

    [Theory]
    [InlineData("public")]
    [InlineData("Weird \"Name\". it's \\ 🐕")]
    public async Task Comes_whole_and_is_recognised_afterwards(string schema)
    {
        Options = Options with { Schema = schema };
        var before = string.Join(";\n", Kinds.Select((kind, number) => kind.BeforeAs($"k{number}")));
        var changed = string.Join(";\n", Kinds.Select((kind, number) => kind.ChangedAs($"k{number}")));

        await ResetAsync(before);
        await ResetAsync(before);
        FoundUnchanged.ShouldBeTrue(Log.Text);
        await ResetAsync(changed);
        FoundUnchanged.ShouldBeFalse(Log.Text);
        await ResetAsync(changed);
        FoundUnchanged.ShouldBeTrue(Log.Text);

        Log.Of("swap").Count.ShouldBe(2, Log.Text);
        (await ReadAsync("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'slipway%' ORDER BY 1")).ShouldBe(["slipway_demo"]);
    }
}
