using System.Text.Json;
using Slipway.Crds.Meta;
using Slipway.Kubernetes.Resources;

namespace Slipway.Kubernetes;

/// <summary>Tells whoever wants to know what a client's writes came to.</summary>
internal sealed class WriteListeners
{
    private readonly Lock _gate = new();
    private volatile IWriteListener[] _listeners = [];

    public IDisposable Subscribe(IWriteListener listener)
    {
        lock (_gate)
        {
            _listeners = [.. _listeners, listener];
        }

        return new Subscription(this, listener);
    }

    /// <summary>Tells what the server answered to a write, and returns it.</summary>
    public T Tell<T>(T answer)
        where T : class, IResource<T>
    {
        if (answer.Metadata.HasEnded())
        {
            TellEnd<T>(NamespacedName.Of(answer), answer.Metadata.Uid);
            return answer;
        }

        foreach (var listener in _listeners)
        {
            listener.Written(answer);
        }

        return answer;
    }

    /// <summary>
    /// Tells what the server answered to a delete: the object when it is still there, marked; a <c>Status</c> that names it, or
    /// for some kinds the unmarked object, when it is gone. An object that does not fit its type is not told: the delete succeeded
    /// all the same.
    /// </summary>
    /// <param name="uid">The UID that the delete insisted on.</param>
    /// <exception cref="JsonException">It is no answer of an API server, so that nothing may have been deleted.</exception>
    public void TellDelete<T>(NamespacedName key, string? uid, ReadOnlySpan<byte> answer)
        where T : class, IResource<T>
    {
        var isStatus = IsStatus(answer);
        try
        {
            if (isStatus)
            {
                TellEnd<T>(key, JsonSerializer.Deserialize(answer, KubernetesJson.Default.ApiStatus)?.Details?.Uid ?? uid);
            }
            else if (JsonSerializer.Deserialize(answer, T.Json) is { Metadata: { } metadata } last)
            {
                TellLast(key, metadata, last);
            }
        }
        catch (Exception error) when (ResourceDecoder.IsMisfit(error))
        {
        }
    }

    private void TellLast<T>(NamespacedName key, ObjectMeta metadata, T last)
        where T : class, IResource<T>
    {
        if (metadata.DeletionTimestamp is null)
        {
            TellEnd<T>(key, metadata.Uid);
        }
        else
        {
            Tell(last);
        }
    }

    private void TellEnd<T>(NamespacedName key, string? uid)
        where T : class, IResource<T>
    {
        foreach (var listener in _listeners)
        {
            listener.Deleted<T>(key, uid);
        }
    }

    private static bool IsStatus(ReadOnlySpan<byte> answer)
    {
        var reader = new Utf8JsonReader(answer);
        return reader.Read() && reader.TokenType == JsonTokenType.StartObject
            ? reader.TryEnter("kind"u8, JsonTokenType.String) && reader.ValueTextEquals("Status"u8)
            : throw new JsonException("The answer to a delete must be an object.");
    }

    private sealed class Subscription(WriteListeners all, IWriteListener listener) : IDisposable
    {
        public void Dispose()
        {
            lock (all._gate)
            {
                all._listeners = [.. all._listeners.Where(other => other != listener)];
            }
        }
    }
}
