using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Slipway.Crds.Meta;
using Slipway.Kubernetes.Config;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Requests;
using Slipway.Kubernetes.Resources;
using Slipway.Kubernetes.Transport;
using Slipway.Kubernetes.Watching;
using Slipway.Retry;

namespace Slipway.Kubernetes;

/// <summary>
/// A client of one API server for any kind known at compile time. Safe for concurrent use; make one and share it.
/// Every method throws <see cref="ApiException"/> when the server refuses or does not answer, and
/// <see cref="OperationCanceledException"/> only when its token was cancelled; and <see cref="KubeConfigException"/> when
/// credentials cannot be had.
/// </summary>
public sealed class KubeClient : IDisposable
{
    /// <summary>The meter of <c>rest_client_requests_total</c> and <c>rest_client_request_duration_seconds</c>.</summary>
    public const string MeterName = "Slipway.Kubernetes";

    private readonly KubeClientOptions _options;
    private readonly ApiTransport _transport;
    private readonly FieldOwnership _ownership;
    private readonly bool _ownsTransport;

    public KubeClient(KubeConfig config, KubeClientOptions options)
        : this(config, options, new ApiTransport(config, options), ownsTransport: true)
    {
    }

    private KubeClient(KubeConfig config, KubeClientOptions options, ApiTransport transport, bool ownsTransport)
    {
        (_options, _transport, _ownsTransport) = (options, transport, ownsTransport);
        Conflicts = new ConflictRetry(options.ConflictRetry, options.Time, options.Random);
        _ownership = new FieldOwnership(_transport, Conflicts, options.FieldManager);
        Config = config;
    }

    /// <summary>The configuration this client was made from.</summary>
    public KubeConfig Config { get; }

    /// <summary>The conflict policy of the client's own read-and-write loops.</summary>
    internal ConflictRetry Conflicts { get; }

    internal WriteListeners Listeners { get; private init; } = new();

    /// <summary>Tells the listener of every write from now on, until the result is disposed of.</summary>
    public IDisposable Subscribe(IWriteListener listener) => Listeners.Subscribe(listener);

    /// <summary>
    /// The same client with another <see cref="KubeClientOptions.Timeout"/>: same connections, credentials and listeners. They end with
    /// the client they were made for; disposing of this one does nothing.
    /// </summary>
    public KubeClient WithTimeout(TimeSpan timeout) =>
        new(Config, _options with { Timeout = timeout }, _transport.WithTimeout(timeout), ownsTransport: false) { Listeners = Listeners };

    /// <summary>Reads one object; null when there is none.</summary>
    public async Task<T?> GetAsync<T>(NamespacedName key, CancellationToken cancellationToken)
        where T : class, IResource<T>
    {
        var request = ResourceRequests.Get(T.Type, key);
        try
        {
            return Decode(request, await _transport.SendAsync(request, cancellationToken), T.Json);
        }
        catch (ApiException error) when (error.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>
    /// Reads one object and tells the listeners of it like of a write: for whoever lost a race, and would otherwise decide on the
    /// same old state again.
    /// </summary>
    public async Task<T?> RefreshAsync<T>(NamespacedName key, CancellationToken cancellationToken)
        where T : class, IResource<T> =>
        await GetAsync<T>(key, cancellationToken) is { } current ? Listeners.Tell(current) : null;

    /// <summary>Reads one page of objects. Those that do not fit the type are reported in <see cref="ResourceList{T}.Skipped"/>.</summary>
    public async Task<ResourceList<T>> ListAsync<T>(ListOptions options, CancellationToken cancellationToken)
        where T : class, IResource<T>
    {
        var request = ResourceRequests.List(T.Type, options);
        var answer = await _transport.SendAsync(request, cancellationToken);
        try
        {
            return ListDecoder.Decode(answer.Body, T.Json);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw ApiFaults.Malformed(request, error);
        }
    }

    /// <summary>
    /// Follows the changes of a kind until the server ends the watch (the sequence ends quietly, also when it was empty),
    /// the connection breaks or falls silent, or the version is too old (<see cref="ApiException.IsGone"/>, whether the server says so
    /// at once or within the stream). Tried once; start again from the last event's version.
    /// </summary>
    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        WatchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class, IResource<T>
    {
        var request = ResourceRequests.Watch(T.Type, options);
        var decoder = new WatchDecoder<T>(request, options.OnUndecodable);
        await using var stream = await WatchStream.OpenAsync(_transport, request, options, _options.Time, cancellationToken);
        options.OnOpened?.Invoke();
        while (await stream.ReadLineAsync() is { } line)
        {
            if (decoder.Decode(line) is { } change)
            {
                yield return change;
            }
        }
    }

    /// <summary>
    /// Creates an object, which proves that there was none: otherwise it is refused with <see cref="ApiException.IsAlreadyExists"/>.
    /// For objects that are never applied later; see <see cref="CreateForApplyAsync"/>.
    /// </summary>
    public async Task<T> CreateAsync<T>(T resource, CancellationToken cancellationToken)
        where T : class, IResource<T> =>
        await WriteAsync<T>(CreateRequest(resource), cancellationToken);

    /// <summary>
    /// Creates an object that will be applied later. What is created counts as "updated" by us, defaults of the server
    /// included, and a later apply that no longer says a field would leave it behind. So the same content is applied at once,
    /// and the claim of the creation is given up: ours is then what was said, and nothing else. If one of these steps fails, the
    /// error passes through although the object exists; the next <see cref="ApplyAsync"/> makes up for it.
    /// </summary>
    /// <exception cref="ApiException">With <see cref="ApiException.IsAlreadyExists"/> when there is one of that name.</exception>
    /// <exception cref="ResourceVersionConflictException">The new object was changed by others all the time.</exception>
    public async Task<T> CreateForApplyAsync<T>(T resource, CancellationToken cancellationToken)
        where T : class, IResource<T>
    {
        var request = CreateRequest(resource);
        var created = (await WriteAsync<T>(request, cancellationToken)).Metadata;
        var key = new NamespacedName(created.Namespace ?? "", created.Name!);
        var owned = await _ownership.ClaimAsync(
            T.Type, key, created.Uid!, created.ResourceVersion!, version => ApplyRequest(resource, key, version, created.Uid), cancellationToken);
        return Listeners.Tell(Decode(request, owned, T.Json));
    }

    /// <summary>
    /// Server-side apply by our field manager, taking over fields that others hold. When
    /// <c>metadata.resourceVersion</c> is set, the apply is refused with a conflict unless the object exists and still has that version
    /// (and, when set, that <c>metadata.uid</c>); it then never creates.
    /// Fields that we created but never applied (a crash within <see cref="CreateForApplyAsync"/>) are adopted when the
    /// server's answer shows them, and the apply is sent once more, so that it prunes what it should; the server then fills in its
    /// defaults again.
    /// </summary>
    public async Task<T> ApplyAsync<T>(T resource, CancellationToken cancellationToken)
        where T : class, IResource<T>
    {
        var key = NamespacedName.Of(resource);
        var version = resource.Metadata.ResourceVersion;
        var uid = version is null ? null : resource.Metadata.Uid ?? await FindUidAsync<T>(key, version, cancellationToken);
        var request = ApplyRequest(resource, key, version, uid);
        var answer = await _transport.SendAsync(request, cancellationToken);
        var applied = Listeners.Tell(Decode(request, answer, T.Json));
        if (_ownership.IsComplete(answer.Body))
        {
            return applied;
        }

        // A guarded apply adopts what it has just written and nothing newer: whoever wrote in between was not seen by its caller.
        var adoption = version is null
            ? _ownership.AdoptAsync(T.Type, key, answer.Body, cancellationToken)
            : _ownership.AdoptOnceAsync(T.Type, key, answer.Body, cancellationToken);
        var adopted = Decode(request, await adoption, T.Json);
        return await WriteAsync<T>(ApplyRequest(resource, key, version is null ? null : adopted.Metadata.ResourceVersion, uid), cancellationToken);
    }

    /// <summary>
    /// Makes the fields that we created or updated under our own field manager count as applied, so that the next apply
    /// prunes those it no longer says. Costs one read when there is nothing to do; may be repeated at will.
    /// </summary>
    /// <exception cref="ApiException">With <see cref="ApiException.IsNotFound"/> when there is no such object.</exception>
    /// <exception cref="ResourceVersionConflictException">The object was changed by others all the time.</exception>
    public async Task<T> AdoptManagedFieldsAsync<T>(NamespacedName key, CancellationToken cancellationToken)
        where T : class, IResource<T> =>
        Listeners.Tell(
            Decode(ResourceRequests.Get(T.Type, key), await _ownership.AdoptAsync(T.Type, key, known: null, cancellationToken), T.Json));

    /// <summary>Applies a JSON patch (RFC 6902). A <c>test</c> that fails is refused with <see cref="ApiException.IsInvalid"/>.</summary>
    public async Task<T> PatchAsync<T>(NamespacedName key, JsonPatch patch, CancellationToken cancellationToken)
        where T : class, IResource<T> =>
        await WriteAsync<T>(ResourceRequests.Patch(T.Type, key, patch, $"{_options.FieldManager}-patch"), cancellationToken);

    /// <summary>
    /// Replaces the whole status, unless the object changed since <paramref name="resource"/> was read
    /// (then <see cref="ApiException.IsConflict"/>). Nothing but the status is touched.
    /// </summary>
    /// <exception cref="ArgumentException">The resource has no <c>resourceVersion</c>: it was not read from a server.</exception>
    public async Task<T> ReplaceStatusAsync<T, TStatus>(T resource, TStatus status, CancellationToken cancellationToken)
        where T : class, IResource<T>, IStatused<TStatus>
        where TStatus : class
    {
        var key = NamespacedName.Of(resource);
        var version = resource.Metadata.ResourceVersion ?? throw new ArgumentException(
            $"{T.Type.FullName} {key} has no resourceVersion; write the status of an object that was read from the server.",
            nameof(resource));
        var patch = new JsonPatch().AtVersion(version).Add("/status", JsonSerializer.SerializeToNode(status, T.StatusJson));
        return await WriteAsync<T>(ResourceRequests.Patch(T.Type, key, patch, $"{_options.FieldManager}-status", "status"), cancellationToken);
    }

    /// <summary>Deletes an object; false when it was not there. A precondition that does not hold is refused with a conflict.</summary>
    public async Task<bool> DeleteAsync<T>(NamespacedName key, DeleteOptions options, CancellationToken cancellationToken)
        where T : class, IResource<T>
    {
        var request = ResourceRequests.Delete(T.Type, key, options);
        try
        {
            Listeners.TellDelete<T>(key, options.Uid, (await _transport.SendAsync(request, cancellationToken)).Body);
            return true;
        }
        catch (ApiException error) when (error.IsNotFound)
        {
            return false;
        }
        catch (JsonException error)
        {
            throw ApiFaults.Malformed(request, error);
        }
    }

    /// <summary>Reads a container's log as it is now. Bytes that are no UTF-8 become replacement characters.</summary>
    public async Task<string> LogsAsync(NamespacedName pod, LogOptions options, CancellationToken cancellationToken)
    {
        var answer = await _transport.SendAsync(ResourceRequests.Logs(V1Pod.Type, pod, options), cancellationToken);
        return Encoding.UTF8.GetString(answer.Body);
    }

    /// <summary>Asks the server for its version.</summary>
    public async Task<ServerVersion> VersionAsync(CancellationToken cancellationToken)
    {
        var request = ResourceRequests.Version();
        return Decode(request, await _transport.SendAsync(request, cancellationToken), KubernetesJson.Default.ServerVersion);
    }

    public void Dispose()
    {
        if (_ownsTransport)
        {
            _transport.Dispose();
        }
    }

    /// <summary>Sends a write, and tells of it before anybody can act upon its answer.</summary>
    private async Task<T> WriteAsync<T>(ApiRequest request, CancellationToken cancellationToken)
        where T : class, IResource<T> =>
        Listeners.Tell(Decode(request, await _transport.SendAsync(request, cancellationToken), T.Json));

    private ApiRequest CreateRequest<T>(T resource)
        where T : class, IResource<T> =>
        ResourceRequests.Create(
            T.Type, NamespacedName.Of(resource), JsonSerializer.SerializeToUtf8Bytes(resource, T.Json), _options.FieldManager);

    private ApiRequest ApplyRequest<T>(T resource, NamespacedName key, string? version, string? uid)
        where T : class, IResource<T> =>
        ResourceRequests.Apply(T.Type, key, ApplyBody.Write(resource, version, uid), _options.FieldManager, version);

    /// <summary>
    /// To servers, a version alone does not forbid an apply to create; a UID does. So whoever insists on a version
    /// insists on the object that has it.
    /// </summary>
    private async Task<string> FindUidAsync<T>(NamespacedName key, string version, CancellationToken cancellationToken)
        where T : class, IResource<T>
    {
        var current = await GetAsync<T>(key, cancellationToken);
        return current?.Metadata.Uid ?? throw new ApiException(
            $"Could not apply {T.Type.FullName} {key}: it was read at resourceVersion {version} and is gone",
            (int)HttpStatusCode.Conflict,
            "Conflict")
        {
            ResourceVersion = version,
        };
    }

    private static T Decode<T>(ApiRequest request, ApiAnswer answer, JsonTypeInfo<T> json)
        where T : class => Decode(request, answer.Body, json);

    private static T Decode<T>(ApiRequest request, ReadOnlySpan<byte> body, JsonTypeInfo<T> json)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, json) ?? throw new JsonException("The answer is null.");
        }
        catch (Exception error) when (ResourceDecoder.IsMisfit(error))
        {
            throw ApiFaults.Malformed(request, error);
        }
    }
}
