using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Operator;
using Slipway.Testing;
using Xunit;

namespace Slipway.House.Tests;

/// <summary>The manifests that people apply for their demo databases: what they must say, and may not.</summary>
public sealed class DemoDataManifestTests
{
    private const string Folder = "config/demo-data";

    /// <summary>What a job waits for at most, by its own options: ten minutes for the lock, five for tables, one for the database.</summary>
    private const int LongestWaitSeconds = 16 * 60;

    private static readonly string[] CronJobs = ["cronjob.yaml", "cronjob-v1beta1.yaml"];

    public static TheoryData<string> Jobs() => new([.. CronJobs, "job.yaml"]);

    public static TheoryData<string> Schedules() => new(CronJobs);

    public static TheoryData<string> Files() => new(Checkout.Files.Where(file => file.StartsWith($"{Folder}/", StringComparison.Ordinal)));

    [Fact]
    public void Both_cron_jobs_are_the_same_but_for_the_version_of_their_api()
    {
        var newer = Yaml.Read(Read("cronjob.yaml"));
        var older = Yaml.Read(Read("cronjob-v1beta1.yaml"));

        newer.Text("apiVersion").ShouldBe("batch/v1");
        older.Text("apiVersion").ShouldBe("batch/v1beta1");
        older["apiVersion"] = "batch/v1";
        older.ToJsonString().ShouldBe(newer.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_file_begins_by_telling_what_it_is_for_and_how_it_is_used(string file)
    {
        var comment = Checkout.Read(file).Split('\n').TakeWhile(line => line.StartsWith('#')).ToList();

        comment.Count.ShouldBeGreaterThan(3);
        comment.ShouldContain(line => line.Contains($"-f {file}", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void A_cron_job_neither_piles_up_nor_stops_for_good(string file)
    {
        var spec = Yaml.Read(Read(file))["spec"];

        spec.Text("concurrencyPolicy").ShouldBe("Forbid");
        spec.Number("successfulJobsHistoryLimit").ShouldBe(3);
        spec.Number("failedJobsHistoryLimit").ShouldBe(3);
        // Controllers look every ten seconds, so a shorter one would miss every start.
        spec.Number("startingDeadlineSeconds")!.Value.ShouldBeGreaterThan(10);
        JobOf(file).Number("spec.activeDeadlineSeconds")!.Value.ShouldBeLessThan(3600, "it starts every hour");
    }

    [Fact]
    public void A_job_that_has_ended_goes_by_itself() =>
        JobOf("job.yaml").Number("spec.ttlSecondsAfterFinished")!.Value.ShouldBeGreaterThan(0);

    [Theory]
    [MemberData(nameof(Jobs))]
    public void A_job_ends_and_not_while_it_waits_for_its_turn(string file)
    {
        var spec = JobOf(file)["spec"];

        spec.Number("activeDeadlineSeconds")!.Value.ShouldBeGreaterThan(LongestWaitSeconds);
        spec.Number("backoffLimit")!.Value.ShouldBeInRange(0, 3);
        spec.Text("template.spec.restartPolicy").ShouldBe("Never");
        spec.Number("template.spec.terminationGracePeriodSeconds")!.Value.ShouldBeGreaterThanOrEqualTo(10);
    }

    [Theory]
    [MemberData(nameof(Jobs))]
    public void A_pod_keeps_the_rules_for_restricted_ones(string file)
    {
        var pod = JobOf(file)["spec"]!["template"]!["spec"];
        var container = pod.Items("containers").ShouldHaveSingleItem();

        ((bool?)pod.At("securityContext.runAsNonRoot")).ShouldBe(true);
        pod.Number("securityContext.runAsUser").ShouldBe(65532);
        pod.Text("securityContext.seccompProfile.type").ShouldBe("RuntimeDefault");
        ((bool?)container.At("securityContext.allowPrivilegeEscalation")).ShouldBe(false);
        ((bool?)container.At("securityContext.readOnlyRootFilesystem")).ShouldBe(true);
        container.Items("securityContext.capabilities.drop").Select(item => (string?)item).ShouldBe(["ALL"]);
        container.At("securityContext.capabilities.add").ShouldBeNull();
        pod.At("volumes").ShouldBeNull();
        pod.At("hostNetwork").ShouldBeNull();
        container.Text("resources.requests.cpu").ShouldNotBeNull();
        container.Text("resources.limits.memory").ShouldNotBeNull();
    }

    [Theory]
    [MemberData(nameof(Jobs))]
    public void A_pod_takes_its_database_from_a_secret_and_its_account_from_the_roles(string file)
    {
        var pod = JobOf(file)["spec"]!["template"]!["spec"];
        var database = pod.Items("containers.0.env").Single(variable => variable.Text("name") == "DATABASE_URL");

        database.At("value").ShouldBeNull();
        database.Text("valueFrom.secretKeyRef.name").ShouldBe("demo-database");
        database.Text("valueFrom.secretKeyRef.key").ShouldBe("url");
        pod.Text("serviceAccountName").ShouldBe(Rules("ServiceAccount").Text("metadata.name"));
        ((bool?)pod.At("automountServiceAccountToken")).ShouldBe(true);
    }

    [Fact]
    public void The_account_sees_to_leases_in_the_namespace_of_the_locks_and_to_nothing_else()
    {
        var account = Rules("ServiceAccount");
        var role = Rules("Role");
        var binding = Rules("RoleBinding");
        var rule = role.Items("rules").ShouldHaveSingleItem();

        Yaml.ReadAll(Read("rbac.yaml")).Count.ShouldBe(4);
        Rules("Namespace").Text("metadata.name").ShouldBe(Rbac.DemoNamespace);
        Rbac.DemoNamespace.ShouldNotBe(Rbac.Namespace, "the operators' Lease is there");
        ((bool?)account["automountServiceAccountToken"]).ShouldBe(false);
        role.Text("metadata.namespace").ShouldBe(Rbac.DemoNamespace);
        Words(rule, "apiGroups").ShouldBe(["coordination.k8s.io"]);
        Words(rule, "resources").ShouldBe(["leases"]);
        Words(rule, "verbs").ShouldBe(["get", "watch", "create", "patch"]);
        binding.Text("metadata.namespace").ShouldBe(Rbac.DemoNamespace);
        binding.Text("roleRef.kind").ShouldBe("Role");
        binding.Text("roleRef.name").ShouldBe(role.Text("metadata.name"));
        var subject = binding.Items("subjects").ShouldHaveSingleItem();
        subject.Text("name").ShouldBe(account.Text("metadata.name"));
        subject.Text("namespace").ShouldBe(account.Text("metadata.namespace"));
    }

    private static string Read(string file) => Checkout.Read($"{Folder}/{file}");

    /// <summary>The Job of a file, or the one that its CronJob makes.</summary>
    private static JsonNode JobOf(string file)
    {
        var document = Yaml.Read(Read(file));
        return document.At("spec.jobTemplate") ?? document;
    }

    private static JsonNode Rules(string kind) => Yaml.ReadAll(Read("rbac.yaml")).Single(document => document.Text("kind") == kind)!;

    private static IEnumerable<string?> Words(JsonNode rule, string field) => rule.Items(field).Select(word => (string?)word);
}
