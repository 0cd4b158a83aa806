using Shouldly;
using Slipway.Kubernetes.Tests.Kinds;
using Xunit;

namespace Slipway.Kubernetes.Tests.Conformance;

/// <content>About reads.</content>
public abstract partial class ClientConformance
{
    [Fact]
    public async Task The_server_says_its_version() => (await Client.VersionAsync(None)).IsAtLeast(1, 20).ShouldBeTrue();

    [Fact]
    public async Task What_is_not_there_is_null() => (await Client.GetAsync<V1ConfigMap>(Key("nothing"), None)).ShouldBeNull();

    [Fact]
    public async Task What_is_created_is_there()
    {
        var created = await Client.CreateAsync(Map("a", ("k", "v")), None);

        created.Metadata.Uid.ShouldNotBeNullOrEmpty();
        created.Metadata.CreationTimestamp.ShouldNotBeNull();
        (await Client.GetAsync<V1ConfigMap>(Key("a"), None))!.ShouldSatisfyAllConditions(
            read => read.Metadata.ResourceVersion.ShouldBe(created.Metadata.ResourceVersion),
            read => read.Data!["k"].ShouldBe("v"));
    }

    [Fact]
    public async Task Nothing_is_created_twice()
    {
        await Client.CreateAsync(Map("a"), None);

        var error = await FailsAsync(() => Client.CreateAsync(Map("a", ("k", "other")), None));

        error.IsAlreadyExists.ShouldBeTrue();
        error.IsConflict.ShouldBeFalse();
        error.Message.ShouldContain($"create configmaps {Namespace}/a");
    }

    [Fact]
    public async Task A_generated_name_is_given_by_the_server()
    {
        var created = await Client.CreateAsync(Map("x") with { Metadata = new() { GenerateName = "gen-", Namespace = Namespace } }, None);

        created.Metadata.Name!.ShouldStartWith("gen-");
        created.Metadata.Name.Length.ShouldBeGreaterThan(4);
    }

    [Fact]
    public async Task A_list_comes_in_pages_of_one_moment()
    {
        foreach (var name in (string[])["a", "b", "c"])
        {
            await Client.CreateAsync(Labelled(name, "pages"), None);
        }

        var options = new ListOptions { Namespace = Namespace, LabelSelector = "set=pages", Limit = 2 };
        var first = await Client.ListAsync<V1ConfigMap>(options, None);
        await Client.CreateAsync(Labelled("d", "pages"), None);
        var second = await Client.ListAsync<V1ConfigMap>(options with { Continue = first.Continue }, None);

        first.Items.Concat(second.Items).Select(item => item.Metadata.Name).ShouldBe(["a", "b", "c"]);
        first.Continue.ShouldNotBeNull();
        second.Continue.ShouldBeNull();
        second.ResourceVersion.ShouldBe(first.ResourceVersion);
    }

    [Fact]
    public async Task A_list_is_selected_by_labels_and_fields()
    {
        await Client.CreateAsync(Labelled("a", "one"), None);
        await Client.CreateAsync(Labelled("b", "two"), None);
        await Client.CreateAsync(Map("c"), None);

        (await NamesAsync(new ListOptions { LabelSelector = "set in (one, two),set!=two" })).ShouldBe(["a"]);
        (await NamesAsync(new ListOptions { LabelSelector = "set" })).ShouldBe(["a", "b"]);
        (await NamesAsync(new ListOptions { LabelSelector = "!set", FieldSelector = "metadata.name=c" })).ShouldBe(["c"]);
        (await NamesAsync(new ListOptions { FieldSelector = "metadata.name=b" })).ShouldBe(["b"]);
    }
}
