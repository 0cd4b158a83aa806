using System.Net;
using System.Net.Http.Headers;
using Shouldly;
using Slipway.Kubernetes.Transport;
using Slipway.Testing;
using Xunit;

namespace Slipway.Kubernetes.Tests.Transport;

public sealed class RetryAfterHeaderTests
{
    private readonly FakeClock _clock = new();

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Seconds_are_taken_as_they_are(int seconds) =>
        Read(new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds))).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData(30, 30)]
    [InlineData(-30, 0)]
    public void A_date_is_as_far_away_as_the_clock_says_and_never_in_the_past(int ahead, int expected) =>
        Read(new RetryConditionHeaderValue(_clock.GetUtcNow().AddSeconds(ahead))).ShouldBe(TimeSpan.FromSeconds(expected));

    [Fact]
    public void Without_the_header_nothing_is_asked_for() => Read(null).ShouldBeNull();

    private TimeSpan? Read(RetryConditionHeaderValue? header)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        response.Headers.RetryAfter = header;
        return RetryAfterHeader.Read(response, _clock);
    }
}
