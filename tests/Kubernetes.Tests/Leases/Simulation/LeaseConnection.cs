using System.Runtime.CompilerServices;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Leases;
using Slipway.Kubernetes.Resources;
using Slipway.Kubernetes.Watching;

namespace Slipway.Kubernetes.Tests.Leases.Simulation;

/// <summary>What lies between a process and the API server.</summary>
internal sealed class LeaseConnection(VirtualWorld world, LeaseServer server, string identity) : ILeaseApi
{
    public NetworkFaults Faults { get; set; } = NetworkFaults.None;

    /// <summary>Nothing goes in or out; nobody is told.</summary>
    public bool IsCut { get; set; }

    public Task<V1Lease?> GetAsync(CancellationToken cancellationToken) => SendAsync(() => server.Lease, cancellationToken);

    public Task<V1Lease> CreateAsync(V1LeaseSpec spec, CancellationToken cancellationToken) => SendAsync(() => server.Create(spec), cancellationToken);

    public Task<V1Lease> WriteAsync(V1Lease read, V1LeaseSpec spec, CancellationToken cancellationToken) =>
        SendAsync(() => server.Write(identity, read, spec), cancellationToken);

    public async IAsyncEnumerable<WatchEvent<V1Lease>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var watch = new Arrivals(cancellationToken);
        void Tell(WatchEvent<V1Lease> change)
        {
            var breaks = world.Chance(Faults.BreakWatch);
            Travel(Latency(), () => watch.Arrive(breaks ? null : change));
        }

        await SendAsync(() => Begin(Tell), cancellationToken);
        try
        {
            while (true)
            {
                yield return await watch.NextAsync() ?? throw new IOException("the watch broke");
            }
        }
        finally
        {
            server.Watches.Remove(Tell);
        }
    }

    /// <summary>A write against the guarded resource itself: late, lost or doubled like any other.</summary>
    public Task<bool> GuardedAsync(Func<bool> write, CancellationToken cancellationToken) => SendAsync(write, cancellationToken);

    private bool Begin(Action<WatchEvent<V1Lease>> tell)
    {
        server.Watches.Add(tell);
        if (server.Lease is { } lease)
        {
            tell(new WatchEvent<V1Lease>(WatchEventType.Added, lease, lease.Metadata.ResourceVersion!, false));
        }

        return true;
    }

    private Task<T> SendAsync<T>(Func<T> operation, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<T>();
        cancellationToken.Register(() => answer.TrySetCanceled(cancellationToken));
        if (world.Chance(Faults.LoseRequest))
        {
            Lose(answer);
            return answer.Task;
        }

        Travel(Latency(), () => Carry(operation, answer));
        if (world.Chance(Faults.Duplicate))
        {
            Travel(Latency() + world.Between(0, 3), () => Carry(operation, answer));
        }

        return answer.Task;
    }

    private void Carry<T>(Func<T> operation, TaskCompletionSource<T> answer)
    {
        if (world.Chance(Faults.ServerError / 2))
        {
            Travel(Latency(), () => answer.TrySetException(new ApiException("error", 500, "InternalError")));
            return;
        }

        Action reply;
        try
        {
            var result = operation();
            reply = world.Chance(Faults.ServerError / 2)
                ? () => answer.TrySetException(new ApiException("timeout", 504, "Timeout"))
                : () => answer.TrySetResult(result);
        }
        catch (ApiException refusal)
        {
            reply = () => answer.TrySetException(refusal);
        }

        if (world.Chance(Faults.LoseAnswer))
        {
            Lose(answer);
        }
        else
        {
            Travel(Latency() + world.Between(Faults.AnswerTakes, Faults.AnswerTakes * 1.5), reply);
        }
    }

    /// <summary>The connection is reset at some time, or nothing is ever heard again.</summary>
    private void Lose<T>(TaskCompletionSource<T> answer)
    {
        if (world.Chance(0.5))
        {
            world.After(world.Between(0, 2), () => answer.TrySetException(new ApiException("reset", 0, ApiException.Unreachable)));
        }
    }

    private void Travel(TimeSpan latency, Action arrive)
    {
        if (!IsCut)
        {
            world.After(latency, () =>
            {
                if (!IsCut)
                {
                    arrive();
                }
            });
        }
    }

    private TimeSpan Latency() => world.Chance(Faults.Slow) ? world.Between(0.5, 8) : world.Between(0.001, 0.03);

    /// <summary>What has arrived of a watch and is not read yet.</summary>
    private sealed class Arrivals
    {
        private readonly Queue<WatchEvent<V1Lease>?> _arrived = new();
        private readonly CancellationToken _cancellationToken;
        private TaskCompletionSource _more = new();

        public Arrivals(CancellationToken cancellationToken)
        {
            _cancellationToken = cancellationToken;
            cancellationToken.Register(() => _more.TrySetCanceled(cancellationToken));
        }

        public void Arrive(WatchEvent<V1Lease>? change)
        {
            _arrived.Enqueue(change);
            _more.TrySetResult();
        }

        public async Task<WatchEvent<V1Lease>?> NextAsync()
        {
            while (_arrived.Count == 0)
            {
                _cancellationToken.ThrowIfCancellationRequested();
                _more = new TaskCompletionSource();
                await _more.Task;
            }

            return _arrived.Dequeue();
        }
    }
}
