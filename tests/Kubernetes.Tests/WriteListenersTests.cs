using System.Text;
using System.Text.Json;
using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Kubernetes.Resources;
using Xunit;

namespace Slipway.Kubernetes.Tests;

/// <summary>What the many answers to a delete mean.</summary>
public sealed class WriteListenersTests
{
    private const string Marked = "\"deletionTimestamp\":\"2030-01-01T00:00:00Z\"";

    private readonly WriteListeners _listeners = new();
    private readonly RecordingWrites _told = new();

    public WriteListenersTests() => _listeners.Subscribe(_told);

    [Fact]
    public void A_status_that_names_the_object_is_its_end() =>
        Delete("""{"kind":"Status","apiVersion":"v1","status":"Success","details":{"name":"p","uid":"u"}}""").ShouldBe("pods p u is gone");

    [Fact]
    public void A_status_that_does_not_name_it_means_the_one_that_was_insisted_on()
    {
        Delete("""{"kind":"Status","status":"Success"}""", uid: "mine").ShouldBe("pods p mine is gone");
        Delete("""{"kind":"Status","status":"Success"}""").ShouldBe("pods p  is gone");
    }

    [Fact]
    public void The_object_without_a_mark_is_how_it_was_at_its_end() => Delete(Pod("")).ShouldBe("pods p u is gone");

    [Fact]
    public void The_object_with_a_mark_is_gone_if_nothing_holds_it() =>
        Delete(Pod($"{Marked},\"deletionGracePeriodSeconds\":0,")).ShouldBe("pods p u is gone");

    [Theory]
    [InlineData("\"finalizers\":[\"f\"],")]
    [InlineData("\"deletionGracePeriodSeconds\":0,\"finalizers\":[\"f\"],")]
    [InlineData("\"deletionGracePeriodSeconds\":30,")]
    public void The_object_with_a_mark_is_there_while_something_holds_it_or_it_ends_by_itself(string held) =>
        Delete(Pod($"{Marked},{held}")).ShouldBe("pods p u at 7");

    [Fact]
    public void An_object_that_does_not_fit_its_type_is_not_told()
    {
        _listeners.TellDelete<V1Pod>(new NamespacedName("ns", "p"), null, """{"kind":"Pod","metadata":[]}"""u8);
        _told.Told.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("<html>")]
    [InlineData("{\"kind\":")]
    public void What_no_api_server_would_say_is_refused(string answer)
    {
        Should.Throw<JsonException>(() => Delete(answer));
        _told.Told.ShouldBeEmpty();
    }

    private string Delete(string answer, string? uid = null)
    {
        _listeners.TellDelete<V1Pod>(new NamespacedName("ns", "p"), uid, Encoding.UTF8.GetBytes(answer));
        return _told.Told[^1];
    }

    private static string Pod(string deletion) =>
        $$"""{"kind":"Pod","apiVersion":"v1","metadata":{ {{deletion}}"name":"p","namespace":"ns","uid":"u","resourceVersion":"7"} }""";
}
