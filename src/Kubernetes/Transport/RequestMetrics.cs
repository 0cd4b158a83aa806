using System.Diagnostics.Metrics;
using System.Globalization;
using Slipway.Kubernetes.Requests;

namespace Slipway.Kubernetes.Transport;

/// <summary>Counts and times every attempt, under the names client-go gave these metrics.</summary>
internal static class RequestMetrics
{
    private static readonly Meter Meter = new(KubeClient.MeterName);

    private static readonly Counter<long> Requests =
        Meter.CreateCounter<long>("rest_client_requests_total", description: "Requests to the API server, by code, method and host.");

    private static readonly Histogram<double> Duration =
        Meter.CreateHistogram<double>("rest_client_request_duration_seconds", "s", "Time to the answer's headers, by method and host.");

    /// <param name="request">What was asked.</param>
    /// <param name="server">Whom.</param>
    /// <param name="code">The answer's status code; 0 when there was none.</param>
    /// <param name="took">How long it took.</param>
    public static void Record(ApiRequest request, Uri server, int code, TimeSpan took)
    {
        var method = new KeyValuePair<string, object?>("method", request.Method.Method);
        var host = new KeyValuePair<string, object?>("host", server.Authority);
        var text = code == 0 ? "<error>" : code.ToString(CultureInfo.InvariantCulture);
        Requests.Add(1, new KeyValuePair<string, object?>("code", text), method, host);
        Duration.Record(took.TotalSeconds, method, host);
    }
}
