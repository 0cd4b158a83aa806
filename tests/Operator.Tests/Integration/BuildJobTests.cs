using Shouldly;
using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Config;
using Slipway.Kubernetes.Resources;
using Slipway.Operator.Builds;
using Slipway.Operator.Deployments;
using Slipway.Operator.Tests.Builds;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Slipway.Testing.Nodes;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

/// <summary>A build's Job with Kubernetes' own Job controller, written and read with the operator's rights alone.</summary>
[Collection(ClusterCollection.Name)]
public sealed class BuildJobTests(LocalCluster cluster)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_build_is_followed_from_the_Job_to_the_digest()
    {
        var gates = new[] { new Gate(), new Gate(), new Gate() };
        await using var node = await FakeNode.StartAsync(cluster.Server);
        await using var scope = await cluster.NewNamespaceAsync();
        using var client = Client();
        node.Serve(scope.Name, _ => PodBehaviour.RunsToEnd(
            new PodStep("source", Message: BuildSamples.Commit) { Gate = gates[0] },
            new PodStep("build") { Gate = gates[1] },
            new PodStep("push", Message: Samples.Digest) { Gate = gates[2] }));

        var job = await CreateAsync(client, scope);
        await SeeAsync(client, job, BuildStage.Building);
        gates[0].Open();
        await SeeAsync(client, job, progress => progress is { Stage: BuildStage.Building, Commit: BuildSamples.Commit });
        gates[1].Open();
        await SeeAsync(client, job, BuildStage.Pushing);
        gates[2].Open();

        (await SeeAsync(client, job, BuildStage.Pushed)).Digest.ShouldBe(Samples.Digest);
        await Eventually.See(
            "complete", () => client.GetAsync<V1Job>(NamespacedName.Of(job), None), seen => seen?.Status?.Conditions?.Any(one => one.Type == "Complete") == true);
    }

    [Fact]
    public async Task A_Job_is_made_once_and_goes_with_its_pods()
    {
        await using var node = await FakeNode.StartAsync(cluster.Server);
        await using var scope = await cluster.NewNamespaceAsync();
        using var client = Client();
        node.Serve(scope.Name, _ => PodBehaviour.RunsToEnd(new PodStep("source") { Gate = new Gate() }));
        var job = await CreateAsync(client, scope);
        await SeeAsync(client, job, BuildStage.Building);

        (await Should.ThrowAsync<Slipway.Kubernetes.Faults.ApiException>(() => CreateAsync(client, scope))).IsAlreadyExists.ShouldBeTrue();
        await client.DeleteAsync<V1Job>(NamespacedName.Of(job), new DeleteOptions { Uid = job.Metadata.Uid }, None);

        await SeeAsync(client, job, BuildStage.Absent);
        await Eventually.See("no pods", () => PodsAsync(client, job), pods => pods.Count == 0);
    }

    [Fact]
    public async Task A_step_that_fails_fails_the_build_and_is_not_tried_again()
    {
        await using var node = await FakeNode.StartAsync(cluster.Server);
        await using var scope = await cluster.NewNamespaceAsync();
        using var client = Client();
        node.Serve(scope.Name, _ => PodBehaviour.RunsToEnd(new PodStep("source", Message: BuildSamples.Commit), new PodStep("build", 1, "no main.c")));

        var job = await CreateAsync(client, scope);
        var failed = await SeeAsync(client, job, BuildStage.BuildFailed);

        failed.Message.ShouldContain("no main.c");
        (failed.Container, failed.Commit).ShouldBe(("build", BuildSamples.Commit));
        await Eventually.See(
            "failed", () => client.GetAsync<V1Job>(NamespacedName.Of(job), None), seen => seen?.Status?.Conditions?.Any(one => one.Type == "Failed") == true);
        (await PodsAsync(client, job)).Count.ShouldBe(1);
        (await new ContainerLog(client).TailAsync(failed.Pod!.Value, "build", previous: false, None)).ShouldBeNull("there is no kubelet to ask, and that is no failure");
    }

    [Fact]
    public async Task A_pod_that_was_lost_is_replaced_and_the_new_one_counts()
    {
        var never = new Gate();
        await using var node = await FakeNode.StartAsync(cluster.Server);
        await using var scope = await cluster.NewNamespaceAsync();
        using var client = Client();
        node.Serve(scope.Name, _ => PodBehaviour.RunsToEnd(new PodStep("source") { Gate = never }));
        var job = await CreateAsync(client, scope);
        var first = await SeeAsync(client, job, BuildStage.Building);

        await cluster.Server.DeleteAsync(scope.Core("pods", first.Pod!.Value.Name));

        await SeeAsync(client, job, progress => progress.Stage == BuildStage.Building && progress.Pod != first.Pod);
        never.Open();
    }

    [Fact]
    public async Task A_quota_that_admits_no_pod_is_named()
    {
        await using var scope = await cluster.NewNamespaceAsync();
        using var client = Client();
        await scope.Apply("""
            apiVersion: v1
            kind: ResourceQuota
            metadata: {name: small}
            spec: {hard: {pods: "0"}}
            """);
        await Eventually.See(
            "quota in force", () => cluster.Server.GetAsync(scope.Core("resourcequotas", "small")), quota => quota.Text("status.hard.pods") == "0");

        var job = await CreateAsync(client, scope);
        var cause = await Eventually.See("cause", () => new BuildEvents(client).CauseAsync(job, null, None), seen => seen is not null);

        cause.ShouldNotBeNull().ShouldContain("FailedCreate: Error creating: ");
        cause.ShouldContain("exceeded quota: small");
        (await SeeAsync(client, job, BuildStage.Waiting)).Message.ShouldContain("has no pod yet");
    }

    private KubeClient Client()
    {
        var admin = KubeConfig.Load(new KubeConfigSource { Path = cluster.KubeConfigPath });
        var user = $"system:serviceaccount:{Rbac.Namespace}:{Rbac.ServiceAccount}";
        var kubeconfig = new KubeConfig
        {
            Server = admin.Server,
            CertificateAuthority = admin.CertificateAuthority,
            ClientCertificate = admin.ClientCertificate,
            ClientKey = admin.ClientKey,
            Token = admin.Token,
            Impersonate = new Impersonation(user, ["system:serviceaccounts", "system:authenticated"]),
        };
        return new KubeClient(kubeconfig, new KubeClientOptions { FieldManager = WellKnown.FieldManager });
    }

    private async Task<V1Job> CreateAsync(KubeClient client, TestNamespace scope)
    {
        // The garbage collector takes a Job whose owner is not there.
        await scope.Apply("""
            apiVersion: slipway.dev/v1alpha1
            kind: Deployment
            metadata: {name: shop-1}
            spec: {stack: shop, source: {git: {url: "https://git.example/shop.git"}}}
            """);
        var owner = await cluster.Server.GetAsync(scope.Slipways("deployments", "shop-1"));
        var build = new StackBuild { Args = new Dictionary<string, string> { ["A"] = "1" } };
        var request = BuildSamples.Request(build: build) with { Namespace = scope.Name, Uid = owner.Text("metadata.uid")! };
        return await client.CreateAsync(BuildJob.Manifest(request, BuildSamples.Options), None);
    }

    private static Task<BuildProgress> SeeAsync(KubeClient client, V1Job job, BuildStage stage) =>
        SeeAsync(client, job, progress => progress.Stage == stage);

    private static Task<BuildProgress> SeeAsync(KubeClient client, V1Job job, Func<BuildProgress, bool> holds) => Eventually.See(
        "progress", async () => BuildProgress.Of(await client.GetAsync<V1Job>(NamespacedName.Of(job), None), await PodsAsync(client, job)), holds);

    private static async Task<IReadOnlyList<V1Pod>> PodsAsync(KubeClient client, V1Job job)
    {
        var options = new ListOptions { Namespace = job.Metadata.Namespace, LabelSelector = $"{WellKnown.Labels.BuildOf}=shop" };
        return (await client.ListAsync<V1Pod>(options, None)).Items;
    }
}
