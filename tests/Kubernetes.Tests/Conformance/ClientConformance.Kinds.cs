using System.Text.Json;
using Shouldly;
using Slipway.Kubernetes.Resources;
using Xunit;

namespace Slipway.Kubernetes.Tests.Conformance;

/// <content>About the built-in kinds.</content>
public abstract partial class ClientConformance
{
    [Fact]
    public async Task A_workload_passes_through_with_fields_we_do_not_know()
    {
        var template = JsonDocument.Parse(
            """{"metadata":{"labels":{"app":"web"}},"spec":{"terminationGracePeriodSeconds":7,"containers":[{"name":"app","image":"web:1"}]}}""").RootElement;
        var workload = new V1Deployment
        {
            Metadata = Meta("web"),
            Spec = new V1DeploymentSpec
            {
                Selector = new V1LabelSelector { MatchLabels = Data(("app", "web")) },
                Strategy = new V1DeploymentStrategy
                {
                    Type = "RollingUpdate",
                    RollingUpdate = new V1RollingUpdate { MaxUnavailable = JsonDocument.Parse("0").RootElement, MaxSurge = JsonDocument.Parse("\"25%\"").RootElement },
                },
                Template = template,
            },
        };

        var created = await Client.CreateForApplyAsync(workload, None);

        created.Spec!.Template!.Value.GetProperty("spec").GetProperty("terminationGracePeriodSeconds").GetInt32().ShouldBe(7);
        created.Spec.Strategy!.RollingUpdate!.MaxSurge!.Value.GetString().ShouldBe("25%");
        created.Spec.Strategy.RollingUpdate.MaxUnavailable!.Value.GetInt32().ShouldBe(0);
        (await Client.GetAsync<V1Deployment>(Key("web"), None)).ShouldNotBeNull();
        (await Client.ListAsync<V1Deployment>(new ListOptions { Namespace = Namespace }, None)).ShouldSatisfyAllConditions(
            list => list.Items.ShouldHaveSingleItem(),
            list => list.Skipped.ShouldBeEmpty());
    }

    [Fact]
    public async Task Events_secrets_and_services_are_accepted()
    {
        var now = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero).AddMicroseconds(678901);
        var told = await Client.CreateAsync(new V1Event
        {
            Metadata = Meta("e"),
            EventTime = now,
            EventType = "Normal",
            Reason = "Tested",
            Action = "Test",
            Note = "A note.",
            ReportingController = "slipway.dev/tests",
            ReportingInstance = "tests-1",
            Regarding = new V1ObjectReference { ApiVersion = "v1", Kind = "ConfigMap", Namespace = Namespace, Name = "a" },
        }, None);
        var secret = await Client.CreateAsync(new V1Secret { Metadata = Meta("s"), Data = new Dictionary<string, byte[]> { ["k"] = [0, 255] } }, None);
        var service = await Client.ApplyAsync(new V1Service
        {
            Metadata = Meta("web"),
            Spec = new V1ServiceSpec { Selector = Data(("app", "web")), Ports = [new V1ServicePort { Port = 80, TargetPort = JsonDocument.Parse("\"http\"").RootElement }] },
        }, None);

        told.EventTime.ShouldBe(now);
        secret.Data!["k"].ShouldBe([0, 255]);
        service.Spec!.Ports!.ShouldHaveSingleItem().TargetPort!.Value.GetString().ShouldBe("http");
    }
}
