using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Slipway.Testing.Proxies;
using Xunit;

namespace Slipway.Operator.Tests.Chaos;

/// <summary>
/// Two operators that both act, several stacks, and whatever a seed brings: releases of all kinds, cancels, deletions, edits, deadlines,
/// crashes, pauses, stale caches and broken connections.
/// </summary>
[Collection(ClusterCollection.Name)]
public sealed class ChaosTests(OperatorWorldAtRest world) : IClassFixture<OperatorWorldAtRest>, IAsyncLifetime
{
    private const int Events = 240;
    private const int LooksUntilQuiet = 50;

    private readonly List<ChaosOperator> _operators = [];
    private readonly List<ChaosPlace> _places = [];
    private readonly List<WatchRecorder> _workloads = [];

    public async Task InitializeAsync()
    {
        _operators.AddRange(await Task.WhenAll(ChaosOperator.StartAsync(world), ChaosOperator.StartAsync(world)));

        // They are ready without a ledger, and make its schema step by step: before the last one there is nothing to be watched.
        await Eventually.See("the ledger", () => _operators.All(one => one.Log.Contains("The ledger is there", StringComparison.Ordinal)));
        foreach (var policy in ChaosStack.Policies)
        {
            var place = await ChaosPlace.MakeAsync(world, policy);
            _places.Add(place);
            _workloads.Add(await WatchRecorder.StartAsync(world.Cluster.Server, place.Scene.Namespace.Apps("deployments")));
        }
    }

    /// <summary>The namespaces go without anybody's help, so that the next storm begins with a clear sky.</summary>
    public async Task DisposeAsync()
    {
        foreach (var one in _operators)
        {
            await one.DisposeAsync();
        }

        await world.Cluster.ClearAsync();
        foreach (var recorder in _workloads)
        {
            await recorder.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20261125)]
    public async Task Whatever_happens_in_whatever_order_the_ledger_stays_true_and_everything_comes_to_its_end(int seed)
    {
        var storm = new Storm(_places, _operators, world.Ledger);
        try
        {
            await RunAsync(storm, StormPlan.Of(seed, Events));
        }
        catch (Exception error)
        {
            throw new InvalidOperationException(
                $"Seed {seed}: {error.Message}\n\nWhat was done:\n{storm.Done}\n{string.Join('\n', _operators.Select(Tail))}", error);
        }
    }

    private async Task RunAsync(Storm storm, IReadOnlyList<StormEvent> events)
    {
        await using var watch = LedgerWatch.Start(world.Ledger);
        await storm.RunAsync(events);
        await storm.CalmAsync();
        await SeeNoProblemsAsync();
        await IsQuietAsync();

        (await watch.StopAsync()).ShouldBeEmpty();
        foreach (var (place, workloads) in _places.Zip(_workloads))
        {
            (await WorkloadHistory.ProblemsAsync(workloads, place.Scene)).ShouldBeEmpty();
        }
    }

    private Task SeeNoProblemsAsync() => Eventually.See("everything is as the ledger says", ProblemsAsync, problems => problems.Count == 0);

    private async Task<IReadOnlyList<string>> ProblemsAsync() =>
        [.. (await Task.WhenAll(_places.Select(place => Aftermath.ProblemsAsync(place.Scene)))).SelectMany(problems => problems)];

    /// <summary>
    /// What is under way comes to its end. Then all is looked at once more, by both operators; another release passes through their
    /// queues after it; and nothing was written.
    /// </summary>
    private async Task IsQuietAsync()
    {
        var before = await SeeNoMoreWritesAsync();
        foreach (var place in _places)
        {
            await TouchAsync(place.Scene, "stacks");
            await TouchAsync(place.Scene, "deployments");
        }

        await using var other = await world.NewSceneAsync();
        await other.StackAsync();
        await other.ReleaseAsync("passes", other.Push().ByTag);
        await other.PhaseAsync("passes", "Active");
        await other.SeeStackSettledAsync();

        Writes().Where(write => !before.Contains(write)).ShouldBeEmpty();
        (await ProblemsAsync()).ShouldBeEmpty();
    }

    /// <summary>All writes until then.</summary>
    private async Task<HashSet<object>> SeeNoMoreWritesAsync()
    {
        var (last, looks) = (0, 0);
        await Eventually.See("no more writes", () =>
        {
            var count = Writes().Count;
            looks = count == last ? looks + 1 : 0;
            last = count;
            return looks == LooksUntilQuiet;
        });
        return new HashSet<object>(Writes(), ReferenceEqualityComparer.Instance);
    }

    /// <summary>What the operators have written in our namespaces, Events aside, which may come late.</summary>
    private List<ProxiedRequest> Writes() => [.. _operators.SelectMany(one => one.Proxy.Requests).Where(request => request.IsWrite
        && !request.Path.Contains("/events", StringComparison.Ordinal)
        && _places.Any(place => request.Path.Contains($"/{place.Scene.Namespace.Name}/", StringComparison.Ordinal)))];

    private async Task TouchAsync(Scene scene, string plural)
    {
        var label = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["example.org/touched"] = "once" } } };
        foreach (var one in await world.Cluster.Server.ListAsync(scene.Namespace.Slipways(plural)))
        {
            await world.Cluster.Server.MergeAsync(scene.Namespace.Slipways(plural, one.Text("metadata.name")!), label.DeepClone());
        }
    }

    private static string Tail(ChaosOperator one) => $"An operator's last words:\n{one.Log[Math.Max(0, one.Log.Length - 20_000)..]}";
}
