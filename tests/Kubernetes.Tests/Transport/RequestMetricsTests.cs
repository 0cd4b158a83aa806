using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Kubernetes.Tests.Kinds;
using Slipway.Testing.FakeApi;
using Xunit;

namespace Slipway.Kubernetes.Tests.Transport;

public sealed class RequestMetricsTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _seen = new();
    private readonly MeterListener _listener = new();
    private FakeApiServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await FakeApiServer.StartAsync();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == KubeClient.MeterName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => See(instrument, $" {value}", tags));
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => See(instrument, "", tags));
        _listener.Start();
    }

    public async Task DisposeAsync()
    {
        _listener.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Every_try_counts_and_a_try_after_another_as_a_retry()
    {
        _server.Faults.Next(new Fault.Refuse(503, "Busy", RetryAfterSeconds: 0));
        using var client = _server.NewClient();

        await client.GetAsync<V1ConfigMap>(new NamespacedName("shop", "a"), CancellationToken.None);

        _seen.ShouldBe([
            "rest_client_requests_total{code=503,method=GET} 1",
            "rest_client_request_duration_seconds{verb=GET}",
            "rest_client_request_retries_total{code=503,verb=GET} 1",
            "rest_client_requests_total{code=404,method=GET} 1",
            "rest_client_request_duration_seconds{verb=GET}",
        ]);
    }

    /// <summary>Other tests run at the same time: only what was asked of this one's server counts.</summary>
    private void See(Instrument instrument, string value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = tags.ToArray();
        if (labels.Contains(new KeyValuePair<string, object?>("host", _server.Address.Authority)))
        {
            var shown = labels.Where(label => label.Key != "host").Select(label => $"{label.Key}={label.Value}");
            _seen.Enqueue($"{instrument.Name}{{{string.Join(',', shown)}}}{value}");
        }
    }
}
