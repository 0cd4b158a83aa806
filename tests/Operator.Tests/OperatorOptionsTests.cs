using Shouldly;
using Slipway.Kubernetes.Config;
using Slipway.Operator.Commands;
using Xunit;

namespace Slipway.Operator.Tests;

public sealed class OperatorOptionsTests
{
    private const string Database = "postgres://slipway:secret@db.example:5432/slipway";

    [Fact]
    public void Takes_flags_before_the_environment_and_the_environment_before_defaults()
    {
        var options = Read(new() { ["--workers"] = "3" }, new() { ["DATABASE_URL"] = Database, ["SLIPWAY_WORKERS"] = "4", ["SLIPWAY_LOG_FORMAT"] = "json" });

        (options.Workers, options.LogAsJson, options.ConflictRetry.MaxRetries).ShouldBe((3, true, 5));
    }

    [Theory]
    [InlineData("--workers", "0", "1 to 256")]
    [InlineData("--workers", "many", "1 to 256")]
    [InlineData("--probe-address", "8081", "0.0.0.0:8081")]
    [InlineData("--log-level", "loud", "debug")]
    [InlineData("--log-format", "xml", "json")]
    [InlineData("--drain-timeout", "30", "30s")]
    [InlineData("--vanished-after", "soon", "30s")]
    [InlineData("--conflict-retries", "-1", "0 to 100")]
    [InlineData("--conflict-delay-min", "1s", "shorter")]
    [InlineData("--database", "mysql", "database")]
    [InlineData("--watch-namespaces", "shop,Web", "\"Web\" is no name of a namespace")]
    [InlineData("--watch-namespaces", "shop web", "separate several by commas")]
    [InlineData("--leader-elect", "maybe", "true, false")]
    [InlineData("--lease-duration", "10s", "Duration > RenewDeadline")]
    [InlineData("--lease-duration", "15500ms", "whole seconds")]
    [InlineData("--lease-renew-deadline", "2s", "RenewDeadline > 1.2 x RetryPeriod")]
    [InlineData("--lease-retry-period", "0s", "more than zero")]
    public void Names_the_flag_the_value_and_the_remedy(string flag, string value, string remedy)
    {
        var flags = new Dictionary<string, string> { ["--database"] = Database };
        flags[flag] = value;
        var error = Should.Throw<InvalidOptionException>(() => Read(flags, []));

        error.Message.ShouldContain(flag);
        error.Message.ShouldContain(remedy);
    }

    [Fact]
    public void Contends_for_a_lease_unless_told_not_to()
    {
        var given = new Dictionary<string, string> { ["--database"] = Database, ["--lease-duration"] = "30s" };
        var leader = Read(given, []).Leader.ShouldNotBeNull();

        (leader.Duration, leader.RenewDeadline, leader.RetryPeriod).ShouldBe((TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(2)));
        LeaseOf(leader, context: null).ShouldBe("garden/slipway-operator", "the pod's own namespace");
        LeaseOf(leader, context: "dev").ShouldBe("slipway-system/slipway-operator");
        LeaseOf(leader with { Namespace = "shed" }, context: null).ShouldBe("shed/slipway-operator");
        Read(new() { ["--database"] = Database, ["--leader-elect"] = "false" }, []).Leader.ShouldBeNull();
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData(" , ", "")]
    [InlineData("shop", "shop")]
    [InlineData("shop, web,,shop,", "shop web")]
    public void Works_in_the_namespaces_that_are_named_each_once_and_in_all_if_none_is(string? given, string names)
    {
        var flags = new Dictionary<string, string> { ["--database"] = Database };
        var namespaces = Read(flags, given is null ? [] : new() { ["SLIPWAY_WATCH_NAMESPACES"] = given }).Namespaces;

        string.Join(' ', namespaces.Names).ShouldBe(names);
        (namespaces.Contains("shop"), namespaces.Contains("other")).ShouldBe((true, names.Length == 0));
    }

    [Fact]
    public void Says_which_variable_a_bad_value_came_from() =>
        Should.Throw<InvalidOptionException>(() => Read(new() { ["--database"] = Database }, new() { ["SLIPWAY_WORKERS"] = "x" }))
            .Message.ShouldStartWith("SLIPWAY_WORKERS");

    [Fact]
    public void Cannot_do_without_a_database() =>
        Should.Throw<InvalidOptionException>(() => Read([], [])).Message.ShouldContain("DATABASE_URL");

    [Fact]
    public void Never_repeats_a_password()
    {
        var flags = new Dictionary<string, string> { ["--database"] = "postgres://slipway:secret@db.example:port/slipway" };

        Should.Throw<InvalidOptionException>(() => Read(flags, [])).Message.ShouldNotContain("secret");
    }

    private static string LeaseOf(LeaderOptions leader, string? context) =>
        leader.For(new KubeConfig { Server = new Uri("https://api.example"), Namespace = "garden", Context = context }, "pod-1").Key.ToString();

    private static OperatorOptions Read(Dictionary<string, string> flags, Dictionary<string, string> environment) =>
        OperatorOptions.Read(new OptionValues(OperatorCommand.Options, flags.GetValueOrDefault, environment.GetValueOrDefault));
}
