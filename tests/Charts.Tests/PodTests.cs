using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Xunit;

namespace Slipway.Charts.Tests;

/// <summary>What holds for every pod that the chart brings, whatever the values.</summary>
public sealed class PodTests
{
    public static TheoryData<string> Cases() => new(Case.Names);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_pod_keeps_the_rules_for_restricted_ones(string name)
    {
        var pods = (await new Case(name).ObjectsAsync()).Pods().ToList();

        pods.ShouldNotBeEmpty();
        foreach (var (of, pod) in pods)
        {
            ((bool?)pod.At("securityContext.runAsNonRoot")).ShouldBe(true, of);
            pod.Number("securityContext.runAsUser")!.Value.ShouldBeGreaterThan(0, of);
            pod.Text("securityContext.seccompProfile.type").ShouldBe("RuntimeDefault", of);
            (pod.At("hostNetwork") ?? pod.At("hostPID") ?? pod.At("hostIPC")).ShouldBeNull(of);
            pod.Items("volumes").ShouldAllBe(volume => volume["hostPath"] == null, of);
            pod.Items("containers").ShouldAllBe(container => IsRestricted(container), of);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_pod_says_what_it_needs(string name)
    {
        foreach (var (of, pod) in (await new Case(name).ObjectsAsync()).Pods())
        {
            foreach (var container in pod.Items("containers"))
            {
                container.Text("resources.requests.cpu").ShouldNotBeNull(of);
                container.Text("resources.limits.memory").ShouldNotBeNull(of);
            }
        }
    }

    /// <summary>But for the Secret of the bundled database, which is made for it.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Secrets_come_by_reference_alone(string name)
    {
        var objects = await new Case(name).ObjectsAsync();

        objects.OfKind("Secret").Select(secret => secret.Text("metadata.name"))
            .ShouldBe(name == "bundled-database" ? ["slipway-postgresql"] : []);
        foreach (var variable in objects.Pods().SelectMany(entry => entry.Pod.Items("containers")).SelectMany(container => container.Items("env")))
        {
            if (variable.Text("name") is "DATABASE_URL" or "POSTGRES_PASSWORD")
            {
                variable["value"].ShouldBeNull();
                variable.Text("valueFrom.secretKeyRef.key").ShouldNotBeNull();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_selector_finds_the_pods_of_its_own_object_and_of_no_other(string name)
    {
        var objects = await new Case(name).ObjectsAsync();
        var labels = objects.Objects
            .Select(entry => (Of: entry.Key, Labels: (entry.Value.At("spec.jobTemplate.spec.template") ?? entry.Value.At("spec.template"))?["metadata"]?["labels"]))
            .Where(entry => entry.Labels is not null).ToList();

        foreach (var (key, document) in objects.Objects.Where(entry => entry.Value.At("spec.selector") is not null))
        {
            if (document.Text("kind") == "ServiceMonitor")
            {
                continue;
            }

            var selector = (document.At("spec.selector.matchLabels") ?? document.At("spec.selector"))!.AsObject();
            var found = labels.Where(entry => selector.All(word => (string?)entry.Labels![word.Key] == (string?)word.Value)).ToList();
            found.ShouldHaveSingleItem(key);
        }
    }

    private static bool IsRestricted(JsonNode container) =>
        (bool?)container.At("securityContext.allowPrivilegeEscalation") == false
        && (bool?)container.At("securityContext.readOnlyRootFilesystem") == true
        && container.Items("securityContext.capabilities.drop").Select(word => (string?)word).SequenceEqual(["ALL"])
        && container.At("securityContext.capabilities.add") is null
        && container.At("securityContext.privileged") is null;
}
