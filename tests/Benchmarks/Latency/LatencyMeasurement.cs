using System.Diagnostics;
using Slipway.Benchmarks.Measuring;
using Slipway.Benchmarks.Servers;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Kubernetes;

namespace Slipway.Benchmarks.Latency;

/// <summary>
/// From just before an object's creation is sent until a witness sees it, one object at a time. The witnesses take short turns, so
/// that both see the server equally full and the machine equally busy.
/// </summary>
internal sealed class LatencyMeasurement(Server server, Scale scale)
{
    private const int WarmUp = 20;
    private int _created;
    private int _deleted;

    public async Task<(Samples Runtime, Samples Bare)> RunAsync()
    {
        var (runtime, bare) = (new Samples(), new Samples());
        using var writer = server.NewClient();
        for (var turn = 0; turn < scale.Turns; turn++)
        {
            await MeasureAsync(writer, RuntimeWitness.StartAsync, runtime);
            await ClearAsync(writer);
            await MeasureAsync(writer, BareWatchWitness.StartAsync, bare);
            await ClearAsync(writer);
        }

        return (runtime, bare);
    }

    private async Task MeasureAsync(KubeClient writer, Func<Server, Task<IWitness>> start, Samples samples)
    {
        await using var witness = await start(server);
        for (var sample = -WarmUp; sample < scale.Samples; sample++)
        {
            var release = NewRelease();
            var seen = witness.Sighting.ExpectAsync(release.Metadata.Name!);
            var sent = Stopwatch.GetTimestamp();
            await writer.CreateAsync(release, CancellationToken.None);
            var at = await seen.WaitAsync(TimeSpan.FromSeconds(30));
            if (sample >= 0)
            {
                samples.Add(sent, at);
            }
        }
    }

    /// <summary>So that every turn finds the server as empty as the first.</summary>
    private async Task ClearAsync(KubeClient writer)
    {
        while (_deleted < _created)
        {
            await writer.DeleteAsync<Deployment>(new NamespacedName(server.Namespace, Name(++_deleted)), new DeleteOptions(), CancellationToken.None);
        }
    }

    private static string Name(int number) => $"latency-{number:d6}";

    private Deployment NewRelease() => new()
    {
        Metadata = new ObjectMeta { Name = Name(++_created), Namespace = server.Namespace },
        Spec = new DeploymentSpec { Stack = "web", Source = new ReleaseSource { Image = "registry.example/shop/web:1.4" } },
    };
}
