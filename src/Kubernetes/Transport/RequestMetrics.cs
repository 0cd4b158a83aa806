using System.Diagnostics.Metrics;
using System.Globalization;
using Slipway.Kubernetes.Requests;

namespace Slipway.Kubernetes.Transport;

/// <summary>Counts and times every attempt, under the names and labels client-go gave these metrics.</summary>
internal static class RequestMetrics
{
    private static readonly Meter Meter = new(KubeClient.MeterName);

    private static readonly Counter<long> Requests =
        Meter.CreateCounter<long>("rest_client_requests_total", description: "Requests to the API server, by code, method and host.");

    private static readonly Counter<long> Retries =
        Meter.CreateCounter<long>("rest_client_request_retries_total", description: "Requests sent again, by the code of the try before, verb and host.");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "rest_client_request_duration_seconds",
        "s",
        "Time to the answer's headers, by verb and host.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60] });

    /// <param name="request">What was asked.</param>
    /// <param name="server">Whom.</param>
    /// <param name="code">The answer's status code; 0 when there was none.</param>
    /// <param name="took">How long it took.</param>
    public static void Record(ApiRequest request, Uri server, int code, TimeSpan took)
    {
        Requests.Add(1, Code(code), new("method", request.Method.Method), Host(server));
        Duration.Record(took.TotalSeconds, Verb(request), Host(server));
    }

    /// <summary>The request is sent once more by the retry policy.</summary>
    /// <param name="code">What the try before was answered with; 0 when it was not.</param>
    public static void Retried(ApiRequest request, Uri server, int code) => Retries.Add(1, Code(code), Verb(request), Host(server));

    private static KeyValuePair<string, object?> Code(int code) =>
        new("code", code == 0 ? "<error>" : code.ToString(CultureInfo.InvariantCulture));

    private static KeyValuePair<string, object?> Verb(ApiRequest request) => new("verb", request.Method.Method);

    private static KeyValuePair<string, object?> Host(Uri server) => new("host", server.Authority);
}
