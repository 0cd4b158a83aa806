using System.Text.Json.Nodes;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing;

namespace Slipway.Operator.Tests.Chaos;

/// <summary>The Deployments of one namespace's stack, as people make, cancel, delete and apply them again.</summary>
public sealed class ChaosReleases(Scene scene, string stack)
{
    private readonly Dictionary<string, JsonObject> _made = [];
    private readonly Queue<string> _deleted = new();

    public Task<string> ImageAsync(int pick)
    {
        var repository = pick % 3 == 0 ? "slow" : "good";
        return ReleaseAsync(repository, Image(scene.Push(repository, $"{pick % 4}").ByTag));
    }

    public Task<string> BadImageAsync(int pick) => (pick % 3) switch
    {
        0 => ReleaseAsync("never", Image(scene.Push("never", "1").ByTag)),
        1 => ReleaseAsync("missing", Image($"{scene.World.Registry.Host}/{scene.Namespace.Name}/missing:1")),
        _ => ReleaseAsync("malformed", Image("No Such: Image")),
    };

    public Task<string> BuildAsync(int pick) => ReleaseAsync(ChaosPods.BuildName(pick), Builder.Git.DeepClone().AsObject());

    public Task<string> CurrentAsync() => ReleaseAsync("current", new JsonObject { ["current"] = new JsonObject() });

    /// <summary>Back to some version that was handed out; now and then to one that never was.</summary>
    public async Task<string> RollBackAsync(int pick)
    {
        var versions = (await scene.World.Ledger.ReleasesAsync(scene.Namespace.Name)).Select(row => row.Version).Where(version => version.Length > 0).ToList();
        var version = versions.Count == 0 || pick % 7 == 0 ? "20200101.7" : versions[pick % versions.Count];
        return await ReleaseAsync("rollback", new JsonObject { ["rollback"] = new JsonObject { ["version"] = version } });
    }

    public async Task<string> CancelAsync(int pick)
    {
        if (await PickAsync(pick) is not { } name)
        {
            return "nobody";
        }

        await scene.MergeReleaseAsync(name, new JsonObject { ["spec"] = new JsonObject { ["cancel"] = true } });
        return name;
    }

    public async Task<string> DeleteAsync(int pick)
    {
        if (await PickAsync(pick) is not { } name)
        {
            return "nobody";
        }

        await scene.World.Cluster.Server.DeleteAsync(scene.Namespace.Slipways("deployments", name));
        if (_made.ContainsKey(name))
        {
            _deleted.Enqueue(name);
        }

        return name;
    }

    public async Task<string> ReapplyAsync()
    {
        if (!_deleted.TryDequeue(out var name))
        {
            return "nobody";
        }

        await scene.ReleaseAsync(name, _made[name].DeepClone().AsObject());
        return name;
    }

    /// <summary>One of the newest six, also of those that the stack made itself.</summary>
    private async Task<string?> PickAsync(int pick)
    {
        var newest = (await scene.World.Cluster.Server.ListAsync(scene.Namespace.Slipways("deployments")))
            .Where(one => one.Text("spec.stack") == stack)
            .OrderByDescending(one => one.Text("metadata.creationTimestamp"), StringComparer.Ordinal)
            .ThenByDescending(one => one.Text("metadata.name"), StringComparer.Ordinal)
            .Take(6).Select(one => one.Text("metadata.name")).ToList();
        return newest.Count == 0 ? null : newest[pick % newest.Count];
    }

    private async Task<string> ReleaseAsync(string what, JsonObject source)
    {
        var name = $"{stack}-r{_made.Count:00}-{what}";
        var spec = new JsonObject { ["stack"] = stack, ["source"] = source };
        _made[name] = spec;
        await scene.ReleaseAsync(name, spec.DeepClone().AsObject());
        return name;
    }

    private static JsonObject Image(string image) => new() { ["image"] = image };
}
