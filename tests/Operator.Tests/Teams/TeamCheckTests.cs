using Shouldly;
using Slipway.Crds;
using Slipway.Crds.V1Alpha1.Teams;
using Slipway.Operator.Teams;
using Xunit;

namespace Slipway.Operator.Tests.Teams;

public sealed class TeamCheckTests
{
    [Theory]
    [InlineData("alice", "bob")]
    [InlineData("alice", "alice")]
    [InlineData("Alice Å. Liddell", "group:on call")]
    [InlineData("system:serviceaccount:ci:robot", "bob@example.org")]
    public void Takes_every_subject_and_an_owner_who_is_listed_among_the_members(string owner, string member) =>
        TeamCheck.Of(TeamSamples.WithMembers(member) with { Owner = owner }).ShouldBeNull();

    [Fact]
    public void Takes_a_team_without_display_name_and_without_members() => TeamCheck.Of(new TeamSpec { Owner = "alice" }).ShouldBeNull();

    [Theory]
    [InlineData("")]
    [InlineData(" \t\n")]
    [InlineData("\u3000")]
    public void Refuses_a_display_name_that_says_nothing(string name) =>
        TeamCheck.Of(new TeamSpec { Owner = "alice", DisplayName = name })!.Reason.ShouldBe(Reasons.InvalidDisplayName);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void Refuses_a_team_that_nobody_owns(string? owner)
    {
        var problem = TeamCheck.Of(new TeamSpec { Owner = owner })!;

        problem.Reason.ShouldBe(Reasons.OwnerRequired);
        problem.Message.ShouldContain("spec.owner");
    }

    [Theory]
    [InlineData(" alice")]
    [InlineData("alice ")]
    [InlineData("alice\u00a0")]
    [InlineData("al\u0000ice")]
    [InlineData("al\nice")]
    public void Refuses_white_space_at_the_ends_and_control_characters(string subject)
    {
        TeamCheck.Of(new TeamSpec { Owner = subject })!.Reason.ShouldBe(Reasons.InvalidSubject);
        TeamCheck.Of(TeamSamples.WithMembers(subject))!.Reason.ShouldBe(Reasons.InvalidSubject);
    }

    [Fact]
    public void Names_the_first_member_that_is_wrong()
    {
        TeamCheck.Of(TeamSamples.WithMembers("bob", ""))!.ShouldSatisfyAllConditions(
            problem => problem.Reason.ShouldBe(Reasons.InvalidSubject), problem => problem.Message.ShouldContain("spec.members[1].subject"));
        TeamCheck.Of(TeamSamples.WithMembers("bob", "carol", "bob"))!.ShouldSatisfyAllConditions(
            problem => problem.Reason.ShouldBe(Reasons.DuplicateMember),
            problem => problem.Message.ShouldContain("spec.members[2].subject"),
            problem => problem.Message.ShouldContain("spec.members[0].subject"));
    }

    [Fact]
    public void Tells_subjects_apart_by_every_character() => TeamCheck.Of(TeamSamples.WithMembers("bob", "Bob", "böb")).ShouldBeNull();
}
