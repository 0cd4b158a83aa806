using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Slipway.Crds.V1Alpha1.Stacks;
using Xunit;

namespace Slipway.Crds.Tests;

public sealed class CrdsJsonTests
{
    private const string FullDeployment = """
        {
          "apiVersion": "slipway.dev/v1alpha1",
          "kind": "Deployment",
          "metadata": {
            "name": "web-1", "namespace": "shop", "uid": "6f1c", "resourceVersion": "41", "generation": 2,
            "creationTimestamp": "2026-11-22T08:00:00Z", "labels": {"a": "b"}, "annotations": {"slipway.dev/rerun": "x"},
            "ownerReferences": [{"apiVersion": "slipway.dev/v1alpha1", "kind": "Stack", "name": "web", "uid": "9a", "controller": true}],
            "finalizers": ["slipway.dev/release"]
          },
          "spec": {"stack": "web", "source": {"image": "registry.example/web:1"}, "requestedBy": "jane", "cancel": true},
          "status": {
            "observedGeneration": 2, "phase": "Failed", "version": "20261122.1", "imageReference": "registry.example/web@sha256:00", "envRevision": 3,
            "message": "No.", "startedAt": "2026-11-22T08:00:01Z", "finishedAt": "2026-11-22T08:00:05Z",
            "transitions": [
              {"to": "Pending", "at": "2026-11-22T08:00:01Z", "reason": "Admitted", "message": "m"},
              {"from": "Pending", "to": "Failed", "at": "2026-11-22T08:00:05Z"}
            ],
            "failure": {"reason": "ImageUnavailable", "message": "not found", "logTail": "x"},
            "allocation": {"attempts": 2, "collisions": 1},
            "specHash": "ab", "stackUid": "9a",
            "conditions": [{
              "type": "Ready", "status": "False", "observedGeneration": 2, "lastTransitionTime": "2026-11-22T08:00:05Z",
              "reason": "ImageUnavailable", "message": "not found"
            }]
          }
        }
        """;

    private const string FullStack = """
        {
          "apiVersion": "slipway.dev/v1alpha1",
          "kind": "Stack",
          "metadata": {"name": "web", "namespace": "shop"},
          "spec": {
            "displayName": "Web", "suspend": true, "containers": ["app", "migrate"], "replicas": 0, "minReadySeconds": 5,
            "strategy": {"type": "RollingUpdate", "maxUnavailable": "10%", "maxSurge": 2},
            "service": {"port": 80, "targetPort": "http"},
            "policy": {"concurrency": "Parallel", "progressDeadlineSeconds": 60, "historyLimit": 5},
            "env": {"LOG_LEVEL": "info", "EMPTY": ""},
            "source": {"current": {"envRevision": 3}},
            "deletionPolicy": "Orphan",
            "template": {
              "metadata": {"labels": {"tier": "front"}, "annotations": {"x": "y"}},
              "spec": {"containers": [{"name": "app", "anything": {"of": ["another", 1, null, true, 1.5]}}], "unknownToUs": {}}
            }
          },
          "status": {
            "observedGeneration": -1, "activeVersion": "20261122.1", "activeDeployment": "web-1", "activeImage": "i",
            "envRevision": 7, "envKeys": ["DEBUG", "EMPTY", "LOG_LEVEL"], "overriddenKeys": ["LOG_LEVEL"],
            "inFlight": [{"deployment": "web-2", "version": "20261122.2", "phase": "Activating", "since": "2026-11-22T08:00:01Z", "requestedBy": "j", "deadline": "2026-11-22T08:10:01Z"}],
            "releases": [{"version": "20261122.1", "deployment": "web-1", "phase": "Active", "image": "i", "finishedAt": "2026-11-22T08:00:01Z"}]
          }
        }
        """;

    private const string FullEnvPatch = """
        {
          "apiVersion": "slipway.dev/v1alpha1",
          "kind": "EnvPatch",
          "metadata": {"name": "web-log", "namespace": "shop"},
          "spec": {
            "stack": "web", "set": {"LOG_LEVEL": "debug", "OLD": ""}, "setFrom": [{"name": "db"}, {"name": "mail", "keys": ["MAIL_USER"]}],
            "unset": ["DEBUG"], "reset": ["REGION"], "release": false
          },
          "status": {
            "observedGeneration": 1, "phase": "Rejected", "reason": "EnvTooLarge", "message": "m", "revision": 9007199254740993,
            "keysSet": 0, "keysUnset": 1, "totalKeys": 12, "totalBytes": 65536, "deployment": "web-log-7", "specHash": "ab", "stackUid": "9a",
            "conditions": [{
              "type": "Stalled", "status": "True", "observedGeneration": 1, "lastTransitionTime": "2026-11-22T08:00:05Z",
              "reason": "EnvTooLarge", "message": "m"
            }]
          }
        }
        """;

    [Fact]
    public void A_deployment_comes_back_as_it_was() => ShouldComeBack<Deployment>(FullDeployment);

    [Fact]
    public void A_stack_comes_back_as_it_was_with_what_is_in_its_pods_untouched() => ShouldComeBack<Stack>(FullStack);

    [Fact]
    public void A_patch_comes_back_as_it_was() => ShouldComeBack<EnvPatch>(FullEnvPatch);

    [Fact]
    public void Names_of_variables_are_kept_as_they_were_written() =>
        JsonSerializer.Serialize(new EnvPatchSpec { Stack = "web", Set = new Dictionary<string, string> { ["Log_LEVEL"] = "" } }, CrdsJson.Default.EnvPatchSpec)
            .ShouldBe("""{"stack":"web","set":{"Log_LEVEL":""}}""");

    /// <summary>A record prints itself when it gets into a log line or a message by mistake.</summary>
    [Fact]
    public void A_patch_that_is_printed_shows_no_value()
    {
        var patch = JsonSerializer.Deserialize(FullEnvPatch, CrdsJson.Default.EnvPatch)!;

        patch.ToString().ShouldContain("Stack = web");
        patch.ToString().ShouldNotContain("debug");
    }

    [Fact]
    public void A_newer_servers_fields_do_no_harm()
    {
        var text = FullDeployment.Replace("\"uid\"", "\"managedFields\": [{\"manager\": \"x\"}], \"uid\"", StringComparison.Ordinal);

        JsonSerializer.Deserialize(text, CrdsJson.Default.Deployment)!.Metadata.Name.ShouldBe("web-1");
    }

    [Fact]
    public void What_is_absent_is_not_written() =>
        JsonSerializer.Serialize(new DeploymentStatus { Phase = DeploymentPhase.RolledBack }, CrdsJson.Default.DeploymentStatus)
            .ShouldBe("""{"phase":"RolledBack"}""");

    [Fact]
    public void Nothing_is_not_a_count_of_zero()
    {
        JsonSerializer.Serialize(new EnvPatchStatus { Phase = EnvPatchPhase.Pending }, CrdsJson.Default.EnvPatchStatus).ShouldBe("""{"phase":"Pending"}""");
        JsonSerializer.Serialize(new EnvPatchStatus { KeysSet = 0 }, CrdsJson.Default.EnvPatchStatus).ShouldBe("""{"keysSet":0}""");
        JsonSerializer.Serialize(new CurrentSource(), CrdsJson.Default.CurrentSource).ShouldBe("{}");
    }

    [Fact]
    public void Times_are_written_in_utc_and_whole_seconds()
    {
        var status = new DeploymentStatus { StartedAt = new DateTimeOffset(2026, 11, 22, 9, 0, 1, 999, TimeSpan.FromHours(1)) };

        JsonSerializer.Serialize(status, CrdsJson.Default.DeploymentStatus).ShouldBe("""{"startedAt":"2026-11-22T08:00:01Z"}""");
    }

    [Theory]
    [InlineData("2026-11-22T08:00:01.123456Z")]
    [InlineData("2026-11-22T09:00:01+01:00")]
    public void Any_rfc_3339_time_is_read(string time) =>
        JsonSerializer.Deserialize($$"""{"startedAt":"{{time}}"}""", CrdsJson.Default.DeploymentStatus)!
            .StartedAt!.Value.ToUnixTimeSeconds().ShouldBe(new DateTimeOffset(2026, 11, 22, 8, 0, 1, TimeSpan.Zero).ToUnixTimeSeconds());

    [Theory]
    [InlineData("""{"source":{"current":{}}}""")]
    [InlineData("""{"stack":"web"}""")]
    public void A_spec_without_a_required_field_is_refused(string spec) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize(spec, CrdsJson.Default.DeploymentSpec));

    [Theory]
    [InlineData("""{"set":{"A":"1"}}""")]
    [InlineData("""{"stack":"web","setFrom":[{"keys":["A"]}]}""")]
    public void A_patch_without_a_required_field_is_refused(string spec) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize(spec, CrdsJson.Default.EnvPatchSpec));

    private static void ShouldComeBack<T>(string text)
        where T : class, IResource<T>
    {
        var again = JsonSerializer.Serialize(JsonSerializer.Deserialize(text, T.Json)!, T.Json);

        JsonNode.DeepEquals(JsonNode.Parse(again), JsonNode.Parse(text)).ShouldBeTrue(again);
    }
}
