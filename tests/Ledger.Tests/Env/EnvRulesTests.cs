using Shouldly;
using Slipway.Ledger.Env;
using Xunit;

namespace Slipway.Ledger.Tests.Env;

public sealed class EnvRulesTests
{
    private const string Hush = "hush-4711";

    [Theory]
    [InlineData("A")]
    [InlineData("_")]
    [InlineData("_1")]
    [InlineData("Path_2_b")]
    public void Takes_every_name_of_a_variable(string key)
    {
        EnvRules.Of(Change.Of($"{key}={Hush}")).ShouldBeNull();
        EnvRules.Of(Change.Of($"-{key}")).ShouldBeNull();
        EnvRules.Of(Change.Of($"~{key}")).ShouldBeNull();
        EnvRules.Of(Change.Variables($"{key}={Hush}")).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("1A")]
    [InlineData("A-B")]
    [InlineData("A.B")]
    [InlineData("A B")]
    [InlineData("Ä")]
    [InlineData("A\n")]
    [InlineData("A\0")]
    [InlineData("٣")]
    public void Refuses_what_is_no_name_wherever_it_stands(string key)
    {
        var problems = new[]
        {
            EnvRules.Of(Change.Of("OK=1", $"{key}={Hush}")),
            EnvRules.Of(Change.Of("OK=1", $"-{key}")),
            EnvRules.Of(Change.Of("OK=1", $"~{key}")),
            EnvRules.Of(Change.Variables("OK=1", $"{key}={Hush}")),
        };

        problems.ShouldAllBe(problem => problem!.Reason == EnvRules.InvalidKey);
        problems.ShouldAllBe(problem => problem!.Message.StartsWith($"\"{key}\" is no name of a variable"));
        problems.ShouldAllBe(problem => !problem!.Message.Contains(Hush));
    }

    [Theory]
    [InlineData("A=1", "-A")]
    [InlineData("A=", "-A")]
    [InlineData("A=1", "~A")]
    [InlineData("-A", "~A")]
    [InlineData("-A", "-A")]
    [InlineData("~A", "~A")]
    public void Refuses_a_key_of_which_two_things_are_said(string one, string other)
    {
        var problem = EnvRules.Of(Change.Of($"B={Hush}", one, other))!;

        problem.Reason.ShouldBe(EnvRules.InvalidKey);
        problem.Message.ShouldStartWith("the key \"A\" is named more than once");
        EnvRules.Of(Change.Of("A=1", "-a")).ShouldBeNull("names are told apart by case");
    }

    [Fact]
    public void Refuses_a_value_that_no_process_can_be_given()
    {
        foreach (var problem in new[] { EnvRules.Of(Change.Of($"A={Hush}\0")), EnvRules.Of(Change.Variables($"A={Hush}\0")) })
        {
            problem.ShouldBe(new EnvProblem(EnvRules.InvalidValue, "the value of \"A\" has a NUL character, which no process can be given"));
        }

        EnvRules.Of(Change.Of("A= \t\r\n\u0001\u007f\uffff\U0001f600")).ShouldBeNull();
    }

    [Fact]
    public void Refuses_a_patch_that_says_nothing_and_takes_an_object_that_does()
    {
        EnvRules.Of(Change.Of())!.Reason.ShouldBe(EnvRules.EmptyPatch);
        EnvRules.Of(Change.Variables()).ShouldBeNull();
    }

    /// <summary>It may be a value that somebody wrote in the wrong place.</summary>
    [Fact]
    public void Shows_no_more_than_the_beginning_of_a_long_key()
    {
        var end = new string('z', 20);

        var message = EnvRules.Of(Change.Of($"-{new string('a', 63)}-{end}"))!.Message;

        message.ShouldStartWith($"\"{new string('a', 63)}-…\" is no name");
        message.ShouldNotContain("zz");
        EnvRules.Of(Change.Of($"-{new string('a', 63)}-"))!.Message.ShouldStartWith($"\"{new string('a', 63)}-\" is no name");
    }

    /// <summary>Half of a character can be written nowhere.</summary>
    [Fact]
    public void Never_cuts_a_character_in_two() =>
        EnvRules.Of(Change.Of($"-{new string('a', 63)}\U0001f600\U0001f600"))!.Message.ShouldStartWith($"\"{new string('a', 63)}…\" is no name");

    [Fact]
    public void Takes_64_KiB_and_not_a_byte_more()
    {
        EnvRules.OfSize(65_536).ShouldBeNull();
        var problem = EnvRules.OfSize(65_537)!;
        problem.Reason.ShouldBe(EnvRules.TooLarge);
        problem.Message.ShouldStartWith("the stack's variables would take 65537 bytes as JSON, and may take 65536");
    }

    [Fact]
    public void What_is_asked_for_is_printed_without_values()
    {
        var change = Change.Of($"A={Hush}", "-B", "~C");
        var request = new EnvPatchRequest
        {
            Uid = Guid.NewGuid(),
            Namespace = "team",
            Name = "patch",
            StackUid = Guid.NewGuid(),
            Spec = Hush,
            RerunToken = "",
            Change = change,
            Release = true,
        };

        $"{change}".ShouldBe("1 to set, 1 to unset, 1 to reset");
        $"{request}".ShouldBe("team/patch: 1 to set, 1 to unset, 1 to reset");
        $"{EnvSet.Empty.With(change).With(Change.Variables($"B={Hush}"))}".ShouldNotContain(Hush);
    }
}
