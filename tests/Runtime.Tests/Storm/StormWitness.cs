using System.Collections.Concurrent;
using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Runtime.Caching;

namespace Slipway.Runtime.Tests.Storm;

/// <summary>Rebuilds the state from the changes alone, and objects to each that does not follow from the one before.</summary>
internal sealed class StormWitness<T>
    where T : class, IResource<T>
{
    private readonly Verdict _verdict;
    private readonly HashSet<string> _ended = [];
    private readonly ConcurrentDictionary<NamespacedName, T> _heard = new();

    public StormWitness(Informer<T> informer, Verdict verdict)
    {
        _verdict = verdict;
        informer.OnChange(Follow);
    }

    public IEnumerable<T> Heard => _heard.Values;

    /// <summary>Called one at a time.</summary>
    private void Follow(StoreChange<T> change)
    {
        var key = NamespacedName.Of(change.Latest);
        var held = _heard.GetValueOrDefault(key);
        _verdict.Require(Same(held, change.Old), () => $"{Name(key)}: heard last {Show(held)}, but the change says it was {Show(change.Old)}");
        if (change.New is { } current)
        {
            Accept(key, held, current);
        }
        else
        {
            _heard.TryRemove(key, out _);
            _verdict.Require(_ended.Add(change.Latest.Metadata.Uid!), () => $"{Name(key)}: {Show(change.Latest)} ended twice");
        }
    }

    private void Accept(NamespacedName key, T? held, T current)
    {
        _heard[key] = current;
        _verdict.Require(!_ended.Contains(current.Metadata.Uid!), () => $"{Name(key)}: {Show(current)} came back after its end");
        _verdict.Require(
            held is null || held.Metadata.Uid == current.Metadata.Uid,
            () => $"{Name(key)}: {Show(held)} became {Show(current)} without an end");
        _verdict.Require(
            held is null || ResourceVersions.IsLater(current.Metadata.ResourceVersion, held.Metadata.ResourceVersion),
            () => $"{Name(key)}: {Show(held)} went back to {Show(current)}");
    }

    private static bool Same(T? one, T? other) =>
        one?.Metadata.Uid == other?.Metadata.Uid && one?.Metadata.ResourceVersion == other?.Metadata.ResourceVersion;

    private static string Name(NamespacedName key) => $"{T.Type.Kind} {key}";

    private static string Show(T? item) => item is null ? "nothing" : $"version {item.Metadata.ResourceVersion} of {item.Metadata.Uid}";
}
