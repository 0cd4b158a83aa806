using System.Text.Json;
using Shouldly;
using Slipway.Kubernetes.Resources;
using Xunit;

namespace Slipway.Kubernetes.Tests.Resources;

public sealed class KubernetesJsonTests
{
    [Fact]
    public void A_pod_tells_why_its_containers_wait_or_ended()
    {
        var pod = Read(
            """
            {"metadata":{"name":"p"},"spec":{"nodeName":"n","serviceAccountName":"sa","containers":[{"name":"app","image":"web:1","ports":[{}]}]},
             "status":{"phase":"Pending","conditions":[{"type":"Ready","status":"False","lastProbeTime":null}],
              "initContainerStatuses":[{"name":"init","ready":true,"restartCount":0,"image":"i","imageID":"i@sha256:1",
               "state":{"terminated":{"exitCode":3,"reason":"Error","message":"m","startedAt":"2030-01-02T03:04:05Z"}},"lastState":{}}],
              "containerStatuses":[{"name":"app","ready":false,"restartCount":2,"image":"web:1","imageID":"",
               "state":{"waiting":{"reason":"ImagePullBackOff","message":"no such image"}},"lastState":{"running":{"startedAt":"2030-01-02T03:04:05Z"}}}]}}
            """, KubernetesJson.Default.V1Pod);

        pod.Status!.ContainerStatuses!.ShouldHaveSingleItem().State!.Waiting!.Reason.ShouldBe("ImagePullBackOff");
        pod.Status.InitContainerStatuses!.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            init => init.State!.Terminated!.ExitCode.ShouldBe(3),
            init => init.ImageId.ShouldBe("i@sha256:1"));
        pod.Spec!.Containers!.ShouldHaveSingleItem().Image.ShouldBe("web:1");
    }

    [Fact]
    public void What_is_not_set_is_not_sent() =>
        JsonSerializer.Serialize(new V1Deployment { Spec = new V1DeploymentSpec { MinReadySeconds = 0 } }, V1Deployment.Json)
            .ShouldBe("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{},"spec":{"minReadySeconds":0}}""");

    [Fact]
    public void Events_have_six_digits_of_a_second()
    {
        var json = JsonSerializer.Serialize(new V1Event
        {
            EventTime = new DateTimeOffset(2030, 1, 2, 4, 4, 5, TimeSpan.FromHours(1)),
            EventType = "Warning",
            Series = new V1EventSeries { Count = 2, LastObservedTime = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero).AddMicroseconds(7) },
        }, V1Event.Json);

        json.ShouldContain("\"eventTime\":\"2030-01-02T03:04:05.000000Z\"");
        json.ShouldContain("\"lastObservedTime\":\"2030-01-02T03:04:05.000007Z\"");
        json.ShouldContain("\"type\":\"Warning\"");
    }

    [Fact]
    public void A_secret_is_bytes_in_base64()
    {
        var secret = Read("""{"type":"kubernetes.io/dockerconfigjson","data":{".dockerconfigjson":"e30=","empty":""}}""", KubernetesJson.Default.V1Secret);

        secret.SecretType.ShouldBe("kubernetes.io/dockerconfigjson");
        secret.Data![".dockerconfigjson"].ShouldBe("{}"u8.ToArray());
        secret.Data["empty"].ShouldBeEmpty();
    }

    [Fact]
    public void A_node_tells_taints_and_addresses()
    {
        var node = Read(
            """{"spec":{"taints":[{"key":"k","effect":"NoSchedule"}]},"status":{"addresses":[{"type":"InternalIP","address":"10.0.0.1"}],"conditions":[{"type":"Ready","status":"True"}]}}""",
            KubernetesJson.Default.V1Node);

        node.Spec!.Taints!.ShouldHaveSingleItem().Effect.ShouldBe("NoSchedule");
        node.Status!.Addresses!.ShouldHaveSingleItem().Address.ShouldBe("10.0.0.1");
    }

    [Fact]
    public void An_accounts_pull_secrets_are_names() =>
        Read("""{"imagePullSecrets":[{"name":"reg"}]}""", KubernetesJson.Default.V1ServiceAccount).ImagePullSecrets!.ShouldHaveSingleItem().Name.ShouldBe("reg");

    private static T Read<T>(string json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) => JsonSerializer.Deserialize(json, type)!;
}
