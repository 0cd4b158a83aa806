using Shouldly;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Tests.Kinds;
using Slipway.Retry;
using Xunit;

namespace Slipway.Kubernetes.Tests.Conformance;

/// <content>About creates, patches, statuses and deletes.</content>
public abstract partial class ClientConformance
{
    [Fact]
    public async Task A_patch_takes_effect_whole_or_not_at_all()
    {
        await Client.CreateAsync(Map("a", ("k", "v")), None);

        var error = await FailsAsync(() => Client.PatchAsync<V1ConfigMap>(
            Key("a"), new JsonPatch().Replace("/data/k", "changed").Test("/data/k", "v"), None));

        error.IsInvalid.ShouldBeTrue();
        (await Client.GetAsync<V1ConfigMap>(Key("a"), None))!.Data!["k"].ShouldBe("v");
    }

    [Fact]
    public async Task A_patch_at_a_stale_version_is_a_conflict()
    {
        var created = await Client.CreateAsync(Map("a", ("k", "v")), None);
        var patch = new JsonPatch().AtVersion(created.Metadata.ResourceVersion!).Replace("/data/k", "mine");
        await Client.PatchAsync<V1ConfigMap>(Key("a"), new JsonPatch().Replace("/data/k", "theirs"), None);

        var error = await FailsAsync(() => Client.PatchAsync<V1ConfigMap>(Key("a"), patch, None));

        error.IsConflict.ShouldBeTrue();
        error.ResourceVersion.ShouldBe(created.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task A_patch_of_nothing_is_not_found() =>
        (await FailsAsync(() => Client.PatchAsync<V1ConfigMap>(Key("nothing"), new JsonPatch().Add("/data", Json("{}")), None)))
            .IsNotFound.ShouldBeTrue();

    [Fact]
    public async Task A_status_is_replaced_whole_and_nothing_else_is_touched()
    {
        var created = await Client.CreateAsync(NewWidget("w") with { Status = new WidgetStatus { Phase = "Ignored" } }, None);
        created.Status.ShouldBeNull();

        var first = await Client.ReplaceStatusAsync(created, new WidgetStatus { Phase = "One", Message = "m" }, None);
        var second = await Client.ReplaceStatusAsync(
            first with { Spec = new WidgetSpec { Size = 99 } }, new WidgetStatus { Phase = "Two" }, None);

        second.Status.ShouldBe(new WidgetStatus { Phase = "Two" });
        second.Spec!.Size.ShouldBe(1);
        second.Metadata.Generation.ShouldBe(1);
    }

    [Fact]
    public async Task A_status_of_a_stale_object_is_a_conflict()
    {
        var created = await Client.CreateAsync(NewWidget("w"), None);
        await Client.ReplaceStatusAsync(created, new WidgetStatus { Phase = "One" }, None);

        var error = await FailsAsync(() => Client.ReplaceStatusAsync(created, new WidgetStatus { Phase = "Two" }, None));

        error.IsConflict.ShouldBeTrue();
        (await Client.GetAsync<Widget>(Key("w"), None))!.Status!.Phase.ShouldBe("One");
    }

    [Fact]
    public async Task A_change_of_the_spec_counts_a_generation()
    {
        await Client.ApplyAsync(NewWidget("w"), None);
        (await Client.ApplyAsync(NewWidget("w") with { Spec = new WidgetSpec { Size = 2 } }, None)).Metadata.Generation.ShouldBe(2);

        var labelled = await Client.PatchAsync<Widget>(Key("w"), new JsonPatch().Add("/metadata/labels", Json("""{"a":"b"}""")), None);

        labelled.Metadata.Generation.ShouldBe(2);
    }

    [Fact]
    public async Task A_lost_race_is_run_again_and_wins()
    {
        await Client.CreateAsync(NewWidget("w"), None);
        var retry = new ConflictRetry(new ConflictRetryOptions(), TimeProvider.System, Random.Shared);

        var written = await retry.RetryOnConflictAsync(Widget.Type, Key("w"), async (attempt, token) =>
        {
            var read = (await Client.GetAsync<Widget>(Key("w"), token))!;
            if (attempt == 1)
            {
                await Client.ReplaceStatusAsync(read, new WidgetStatus { Phase = "Theirs" }, token);
            }

            return await Client.ReplaceStatusAsync(read, new WidgetStatus { Phase = $"Mine {attempt}" }, token);
        }, None);

        written.Status!.Phase.ShouldBe("Mine 2");
    }

    [Fact]
    public async Task A_race_lost_for_good_says_so()
    {
        var created = await Client.CreateAsync(NewWidget("w"), None);
        await Client.ReplaceStatusAsync(created, new WidgetStatus { Phase = "Theirs" }, None);
        var retry = new ConflictRetry(new ConflictRetryOptions { MaxRetries = 1 }, TimeProvider.System, Random.Shared);

        var error = await Should.ThrowAsync<ResourceVersionConflictException>(() => retry.RetryOnConflictAsync(
            Widget.Type, Key("w"), (_, token) => Client.ReplaceStatusAsync(created, new WidgetStatus(), token), None));

        error.Attempts.ShouldBe(2);
        error.Name.ShouldBe(Key("w"));
        error.Kind.ShouldBe("widgets.tests.slipway.dev");
        error.LastResourceVersion.ShouldBe(created.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task A_delete_says_whether_there_was_something()
    {
        await Client.CreateAsync(Map("a"), None);

        (await Client.DeleteAsync<V1ConfigMap>(Key("a"), new DeleteOptions(), None)).ShouldBeTrue();
        (await Client.DeleteAsync<V1ConfigMap>(Key("a"), new DeleteOptions(), None)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_delete_of_another_object_or_version_is_a_conflict()
    {
        var first = await Client.CreateAsync(Map("a", ("k", "v")), None);
        await Client.PatchAsync<V1ConfigMap>(Key("a"), new JsonPatch().Replace("/data/k", "w"), None);

        (await FailsAsync(() => Client.DeleteAsync<V1ConfigMap>(Key("a"), new DeleteOptions { Uid = "another" }, None))).IsConflict.ShouldBeTrue();
        (await FailsAsync(() => Client.DeleteAsync<V1ConfigMap>(
            Key("a"), new DeleteOptions { Uid = first.Metadata.Uid, ResourceVersion = first.Metadata.ResourceVersion }, None))).IsConflict.ShouldBeTrue();
        (await Client.DeleteAsync<V1ConfigMap>(Key("a"), new DeleteOptions { Uid = first.Metadata.Uid }, None)).ShouldBeTrue();
    }
}
