using Slipway.Crds.Meta;
using Slipway.Kubernetes.Watching;

namespace Slipway.Kubernetes;

/// <summary>An object that exists but does not fit its type: what can still be said about it.</summary>
/// <param name="Event">What happened to it, or null when it comes from a list.</param>
/// <param name="Key">Its key, or null when not even that can be read.</param>
/// <param name="ResourceVersion">Its version; empty when it cannot be read.</param>
/// <param name="Message">What is wrong, naming the JSON path.</param>
public sealed record UndecodableObject(WatchEventType? Event, NamespacedName? Key, string ResourceVersion, string Message);
