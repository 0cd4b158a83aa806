using System.Net;
using System.Net.Http.Headers;
using Slipway.Crds.Meta;

namespace Slipway.Kubernetes.Requests;

/// <summary>
/// One request as a value: where it goes, what it carries, and what it is called in messages. It can be turned into
/// a message as often as it is tried.
/// </summary>
internal sealed record ApiRequest(string Verb, HttpMethod Method, string PathAndQuery)
{
    public ResourceType? Type { get; init; }

    public NamespacedName Key { get; init; } = new("", "");

    public byte[]? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    public string Accept { get; init; } = "application/json";

    /// <summary>The version this request insists on.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>It is answered with a stream without an end of its own.</summary>
    public bool IsWatch { get; init; }

    /// <summary>The connections it goes over. A watch of leases is a watch: it may be stuck, and a renewal must not wait behind it.</summary>
    public RequestLane Lane =>
        IsWatch ? RequestLane.Watches
        : Type is { Group: "coordination.k8s.io", Plural: "leases" } ? RequestLane.Leases
        : RequestLane.Requests;

    /// <summary>
    /// Whether it is worth trying again for its caller. Who holds a lease has a clock running and tries again by itself, with what the
    /// lease is then.
    /// </summary>
    public bool IsRetried => Lane != RequestLane.Leases;

    /// <summary>Repeating it changes nothing, so that it may be sent again after a broken connection.</summary>
    public bool IsRead => Method == HttpMethod.Get;

    /// <summary>For messages: <c>patch deployments.slipway.dev shop/web</c>.</summary>
    public string Description
    {
        get
        {
            var kind = Type is null ? PathAndQuery : Type.FullName;
            var name = Key.Name.Length > 0 ? Key.ToString() : Key.Namespace.Length > 0 ? $"in {Key.Namespace}" : "";
            return $"{Verb} {kind} {name}".TrimEnd();
        }
    }

    public HttpRequestMessage ToMessage(Uri server)
    {
        var message = new HttpRequestMessage(Method, new Uri(server.AbsoluteUri.TrimEnd('/') + PathAndQuery))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(Accept));
        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
        }

        return message;
    }
}
