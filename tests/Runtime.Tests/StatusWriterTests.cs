using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Kubernetes.Faults;
using Slipway.Retry;
using Xunit;

namespace Slipway.Runtime.Tests;

public sealed class StatusWriterTests : IAsyncLifetime
{
    private static readonly WidgetStatus Done = new() { Phase = "Done" };

    private ScriptedApi _api = null!;
    private StatusWriter<Widget, WidgetStatus> _writer = null!;

    public async Task InitializeAsync()
    {
        _api = await ScriptedApi.StartAsync();
        var retry = new ConflictRetry(
            new ConflictRetryOptions { MaxRetries = 2, MinDelay = TimeSpan.Zero, MaxDelay = TimeSpan.Zero }, TimeProvider.System, new Random(1));
        _writer = new StatusWriter<Widget, WidgetStatus>(_api.Client(TimeProvider.System), retry);
    }

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Fact]
    public async Task Writes_the_whole_status_of_just_that_version()
    {
        var writing = WriteAsync(Widget.Named("a", 7));
        var patch = await _api.NextAsync();
        patch.Path.ShouldEndWith("/namespaces/ns/widgets/a/status");
        patch.Body.ShouldContain("\"/metadata/resourceVersion\"");
        patch.Body.ShouldContain("\"7\"");
        JsonNode.Parse(patch.Body)!.AsArray()[^1]!["value"]!["phase"]!.GetValue<string>().ShouldBe("Done");
        await patch.ReplyAsync(200, At(8, Done).ToJson());

        (await writing).Metadata.ResourceVersion.ShouldBe("8");
    }

    [Fact]
    public async Task Sends_nothing_when_the_object_has_the_status_already()
    {
        var widget = At(7, new WidgetStatus { Phase = "Done" });
        (await WriteAsync(widget)).ShouldBeSameAs(widget);
        _api.HasMore.ShouldBeFalse();
    }

    [Fact]
    public async Task Writes_again_on_the_fresh_version_when_only_that_moved()
    {
        var writing = WriteAsync(Widget.Named("a", 7));
        await (await _api.NextAsync()).ReplyAsync(409, Wire.Status(409, "Conflict"));
        var read = await _api.NextAsync();
        read.Method.ShouldBe("GET");
        await read.ReplyAsync(200, Widget.Named("a", 9).ToJson());
        var patch = await _api.NextAsync();
        patch.Body.ShouldContain("\"9\"");
        await patch.ReplyAsync(200, At(10, Done).ToJson());

        (await writing).Metadata.ResourceVersion.ShouldBe("10");
    }

    [Fact]
    public async Task Writes_nothing_when_the_spec_has_moved()
    {
        var writing = WriteAsync(Widget.Named("a", 7));
        await (await _api.NextAsync()).ReplyAsync(409, Wire.Status(409, "Conflict"));
        var moved = Widget.Named("a", 9).With(metadata => metadata with { Generation = 2 });
        await (await _api.NextAsync()).ReplyAsync(200, moved.ToJson());

        (await writing).Metadata.Generation.ShouldBe(2);
        _api.HasMore.ShouldBeFalse();
    }

    [Fact]
    public async Task Writes_nothing_to_a_namesake_born_later()
    {
        var writing = WriteAsync(Widget.Named("a", 7));
        await (await _api.NextAsync()).ReplyAsync(409, Wire.Status(409, "Conflict"));
        await (await _api.NextAsync()).ReplyAsync(200, Widget.Named("a", 9, "another").ToJson());

        (await writing).Metadata.Uid.ShouldBe("another");
        _api.HasMore.ShouldBeFalse();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Writes_nothing_to_an_object_that_is_gone(bool afterConflict)
    {
        var writing = WriteAsync(Widget.Named("a", 7));
        if (afterConflict)
        {
            await (await _api.NextAsync()).ReplyAsync(409, Wire.Status(409, "Conflict"));
        }

        await (await _api.NextAsync()).ReplyAsync(404, Wire.Status(404, "NotFound"));

        (await writing).Metadata.ResourceVersion.ShouldBe("7");
    }

    [Fact]
    public async Task Says_so_when_every_attempt_lost()
    {
        var writing = WriteAsync(Widget.Named("a", 7));
        await (await _api.NextAsync()).ReplyAsync(409, Wire.Status(409, "Conflict"));
        for (var version = 8; version < 10; version++)
        {
            await (await _api.NextAsync()).ReplyAsync(200, Widget.Named("a", version).ToJson());
            await (await _api.NextAsync()).ReplyAsync(409, Wire.Status(409, "Conflict"));
        }

        (await Should.ThrowAsync<ResourceVersionConflictException>(writing)).Attempts.ShouldBe(3);
    }

    private static Widget At(int version, WidgetStatus status) => Widget.Named("a", version) with { Status = status };

    private Task<Widget> WriteAsync(Widget widget) => _writer.WriteAsync(widget, Done, CancellationToken.None);
}
