using Shouldly;
using Xunit;

namespace Slipway.Ledger.Tests;

/// <summary>Which Deployment a stack's own source makes.</summary>
public sealed class StackSourceTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    private const string Current = """{"current":{}}""";

    [Fact]
    public async Task Each_change_makes_one_also_back_to_what_it_was()
    {
        var scene = await Scene.CreateAsync(database);

        (await DecideAsync(scene, 1, "A")).ShouldBe(new StackSourceRow(1, false, false, "A", "t", "web-1", "\"A\""));
        await scene.Ledger.MarkSourceMadeAsync(scene.Stack.Uid, "web-1", default);
        (await DecideAsync(scene, 2, "B"))!.Deployment.ShouldBe("web-2");
        (await DecideAsync(scene, 3, "A")).ShouldBe(new StackSourceRow(3, false, false, "A", "t", "web-3", "\"A\""));
    }

    [Fact]
    public async Task The_same_source_in_a_newer_generation_makes_none_and_an_older_generation_changes_nothing()
    {
        var scene = await Scene.CreateAsync(database);
        await DecideAsync(scene, 4, "A");
        await scene.Ledger.MarkSourceMadeAsync(scene.Stack.Uid, "web-4", default);

        (await DecideAsync(scene, 5, "A")).ShouldBe(new StackSourceRow(5, true, false, "A", "t", "web-4", "\"A\""));
        (await DecideAsync(scene, 3, "old")).ShouldBe(new StackSourceRow(5, true, false, "A", "t", "web-4", "\"A\""));
    }

    [Fact]
    public async Task A_stack_without_a_source_makes_none_and_one_that_loses_it_forgets_it()
    {
        var scene = await Scene.CreateAsync(database);

        (await DecideAsync(scene, 1, "")).ShouldBeNull();
        await DecideAsync(scene, 2, "A");
        (await DecideAsync(scene, 3, ""))!.Deployment.ShouldBeNull();
        (await DecideAsync(scene, 4, "A"))!.Deployment.ShouldBe("web-4");
    }

    [Fact]
    public async Task A_new_template_is_released_with_the_source_until_that_was_active_and_then_with_the_active_image()
    {
        var scene = await Scene.CreateAsync(database);
        await DecideAsync(scene, 1, "A", "t1");
        await scene.Ledger.MarkSourceMadeAsync(scene.Stack.Uid, "web-1", default);

        (await DecideAsync(scene, 2, "A", "t2")).ShouldBe(new StackSourceRow(2, false, false, "A", "t2", "web-2", "\"A\""));
        await ReleaseAsync(scene, "web-2");
        (await DecideAsync(scene, 3, "A", "t3")).ShouldBe(new StackSourceRow(3, false, true, "A", "t3", "web-3", Current));
        (await DecideAsync(scene, 4, "A", "t4"))!.Spec.ShouldBe(Current, "also when the release of the template before failed");
        (await DecideAsync(scene, 5, "B", "t4")).ShouldBe(new StackSourceRow(5, false, false, "B", "t4", "web-5", "\"B\""));
    }

    [Fact]
    public async Task Nothing_is_made_for_a_stack_that_is_being_deleted()
    {
        var scene = await Scene.CreateAsync(database);
        await scene.Ledger.BeginTeardownAsync(scene.Stack.Uid, default);

        (await DecideAsync(scene, 1, "A")).ShouldBeNull();
    }

    [Fact]
    public async Task Many_operators_with_views_of_different_age_come_to_the_newest()
    {
        var scene = await Scene.CreateAsync(database);
        await using var elsewhere = database.Connect();
        var other = scene.With(Scene.LedgerOf(elsewhere, scene.Clock));

        await Task.WhenAll(Enumerable.Range(1, 24).Select(number => DecideAsync(number % 2 == 0 ? scene : other, number * 7 % 25, $"{number * 7 % 25}")));

        (await DecideAsync(scene, 24, "24")).ShouldBe(new StackSourceRow(24, false, false, "24", "t", "web-24", "\"24\""));
    }

    [Fact]
    public async Task The_stack_is_read_with_its_source_and_the_release_of_it()
    {
        var scene = await Scene.CreateAsync(database);
        await DecideAsync(scene, 1, "A");
        (await scene.ReadAsync()).SourceRelease.ShouldBeNull();
        var release = await ReleaseAsync(scene, "web-1");

        var state = await scene.ReadAsync();

        state.Source!.Landed.ShouldBeTrue();
        state.SourceRelease!.Uid.ShouldBe(release);
    }

    private static Task<StackSourceRow?> DecideAsync(Scene scene, long generation, string source, string template = "t") => scene.Ledger.DecideSourceAsync(
        scene.Stack.Uid, new SourceAsk(generation, source, template, $"web-{generation}", Json(source), Current), default);

    private static string Json(string source) => $"\"{source}\"";

    private static async Task<Guid> ReleaseAsync(Scene scene, string name)
    {
        var request = scene.Request() with { Name = name };
        await scene.AdmitAsync(request);
        await scene.Ledger.TakeSlotAsync(request.Uid, Scene.Image, default);
        await scene.ActivateAsync(request.Uid);
        return request.Uid;
    }
}
