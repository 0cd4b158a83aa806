using System.Text;
using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Requests;
using Slipway.Kubernetes.Tests.Kinds;
using Xunit;

namespace Slipway.Kubernetes.Tests.Faults;

public sealed class ApiFaultsTests
{
    private static readonly ApiRequest Request = ResourceRequests.Get(V1ConfigMap.Type, new NamespacedName("shop", "web"));

    [Fact]
    public void The_message_says_verb_kind_name_code_and_the_servers_words()
    {
        var error = From(403, """{"kind":"Status","status":"Failure","message":"configmaps \"web\" is forbidden","reason":"Forbidden","code":403}""");

        error.Message.ShouldBe("Could not get configmaps shop/web: 403 Forbidden: configmaps \"web\" is forbidden");
        error.IsForbidden.ShouldBeTrue();
        error.IsTransient.ShouldBeFalse();
    }

    [Fact]
    public void A_proxys_answer_is_quoted_and_shortened()
    {
        var error = From(502, "<html>" + new string('x', 5000));

        error.Reason.ShouldBe("BadGateway");
        error.Message.ShouldContain("<html>xxx");
        error.Message.Length.ShouldBeLessThan(500);
        error.IsTransient.ShouldBeTrue();
    }

    [Fact]
    public void Already_existing_is_no_conflict()
    {
        var error = From(409, """{"status":"Failure","reason":"AlreadyExists"}""");

        error.IsAlreadyExists.ShouldBeTrue();
        error.IsConflict.ShouldBeFalse();
    }

    [Theory]
    [InlineData(410, """{"status":"Failure","reason":"Expired"}""")]
    [InlineData(410, "gone")]
    [InlineData(400, """{"status":"Failure","reason":"Expired"}""")]
    public void Too_old_is_gone_however_it_is_said(int code, string body) => From(code, body).IsGone.ShouldBeTrue();

    [Fact]
    public void Too_new_is_recognised() =>
        From(504, """{"status":"Failure","reason":"Timeout","details":{"causes":[{"reason":"ResourceVersionTooLarge"}],"retryAfterSeconds":1}}""")
            .ShouldSatisfyAllConditions(
                error => error.IsResourceVersionTooLarge.ShouldBeTrue(),
                error => error.RetryAfter.ShouldBe(TimeSpan.FromSeconds(1)));

    [Fact]
    public void The_header_wins_over_the_bodys_retry_after() =>
        ApiFaults.FromAnswer(Request, 429, """{"status":"Failure","details":{"retryAfterSeconds":1}}"""u8, TimeSpan.FromSeconds(7))
            .RetryAfter.ShouldBe(TimeSpan.FromSeconds(7));

    [Fact]
    public void A_conflict_for_good_names_attempts_and_version()
    {
        var error = new ResourceVersionConflictException("configmaps", new NamespacedName("shop", "web"), 6, "41", new InvalidOperationException("inner"));

        error.Message.ShouldContain("configmaps shop/web");
        error.Message.ShouldContain("6 attempt");
        error.Message.ShouldContain("41");
        error.InnerException.ShouldBeOfType<InvalidOperationException>();
    }

    private static ApiException From(int code, string body) => ApiFaults.FromAnswer(Request, code, Encoding.UTF8.GetBytes(body), null);
}
