using System.Globalization;
using System.Text.Json;
using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Resources;

namespace Slipway.Runtime.Events;

/// <summary>Writes occurrences: the first as an event, the same again as its series. Not thread-safe.</summary>
internal sealed class EventWriter(KubeClient client, EventRecorderOptions options, TimeProvider time)
{
    private const int LongestName = 253;

    private readonly RecentlyUsed<OccurrenceKey, Written> _written = new(options.Memory);
    private readonly SpamFilter _filter = new(options, time);
    private readonly EventRetry _retry = new(options.RetryTimeout, time);
    private long _lastTicks;

    /// <summary>Writes it, unless its object has had too many; false then.</summary>
    /// <exception cref="ApiException">The API server did not take it.</exception>
    /// <exception cref="TimeoutException">The API server did not answer.</exception>
    public async Task<bool> WriteAsync(Occurrence occurrence, CancellationToken cancellationToken)
    {
        var known = Count(occurrence);
        if (!_filter.Allows(occurrence.Subject))
        {
            return false;
        }

        await SendAsync(occurrence, known, cancellationToken);
        return true;
    }

    /// <summary>
    /// However often it is tried, it becomes one event: a count is written as it is and not added to, and an event
    /// whose name exists after an earlier try was created by that one.
    /// </summary>
    private async Task SendAsync(Occurrence occurrence, Written? known, CancellationToken cancellationToken)
    {
        var happened = ToEvent(occurrence);
        var tried = false;
        await _retry.ExecuteAsync(
            async token =>
            {
                if (known is null || !await ContinueAsync(known, token))
                {
                    known = null;
                    var mayExist = tried;
                    tried = true;
                    await CreateAsync(happened, mayExist, token);
                    _written.Set(occurrence.Key, new Written(NamespacedName.Of(happened), 1, occurrence.At));
                }
            },
            cancellationToken);
    }

    /// <summary>The event this is a repetition of, counted; also when it will not be written, so that the next write says how many.</summary>
    private Written? Count(Occurrence occurrence)
    {
        if (!_written.TryGet(occurrence.Key, out var known) || occurrence.At - known.Last > options.SeriesWindow)
        {
            return null;
        }

        known = known with { Count = known.Count + 1, Last = occurrence.At };
        _written.Set(occurrence.Key, known);
        return known;
    }

    /// <summary>False when the event has been removed meanwhile: the API server keeps events for an hour only.</summary>
    private async Task<bool> ContinueAsync(Written known, CancellationToken cancellationToken)
    {
        var series = new V1EventSeries { Count = known.Count, LastObservedTime = known.Last };
        var patch = new JsonPatch().Add("/series", JsonSerializer.SerializeToNode(series, KubernetesJson.Default.V1EventSeries));
        try
        {
            await client.PatchAsync<V1Event>(known.Event, patch, cancellationToken);
            return true;
        }
        catch (ApiException error) when (error.IsNotFound)
        {
            return false;
        }
    }

    private async Task CreateAsync(V1Event happened, bool mayExist, CancellationToken cancellationToken)
    {
        try
        {
            await client.CreateAsync(happened, cancellationToken);
        }
        catch (ApiException error) when (mayExist && error.IsAlreadyExists)
        {
        }
    }

    private V1Event ToEvent(Occurrence occurrence) => new()
    {
        Metadata = new ObjectMeta { Namespace = occurrence.About.Namespace ?? EventRecorder.ClusterNamespace, Name = NameOf(occurrence) },
        EventTime = occurrence.At,
        ReportingController = options.Controller,
        ReportingInstance = options.Instance,
        Regarding = occurrence.About,
        EventType = occurrence.Type switch
        {
            EventType.Normal => "Normal",
            EventType.Warning => "Warning",
        },
        Reason = occurrence.Reason,
        Action = occurrence.Action,
        Note = occurrence.Note,
    };

    private string NameOf(Occurrence occurrence)
    {
        _lastTicks = Math.Max(occurrence.At.UtcTicks, _lastTicks + 1);
        var suffix = "." + _lastTicks.ToString("x", CultureInfo.InvariantCulture);
        var name = occurrence.About.Name ?? "";
        return (name.Length + suffix.Length > LongestName ? name[..(LongestName - suffix.Length)] : name) + suffix;
    }

    private sealed record Written(NamespacedName Event, int Count, DateTimeOffset Last);
}
